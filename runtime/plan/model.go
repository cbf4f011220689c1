package plan

// Model is everything the runtime needs to run an architecture: no code, only data.
type Model struct {
	Name    string
	Arch    string // general.architecture of the files it reads
	Config  []Config
	Require []Require
	Ignore  []string // keys and tensors that are read by nobody on purpose; "*" matches any run of characters
	Assume  []string // flags that its files are read with, as if they held these keys with the value true
	Inputs  []Input
	Body    []Node
	Outputs []Output
}

// Weights gives the weights that are declared anywhere in the body, by name.
func (m *Model) Weights() map[string]*Weight {
	all := map[string]*Weight{}
	var collect func([]Node)
	collect = func(nodes []Node) {
		for _, n := range nodes {
			switch n := n.(type) {
			case *Weight:
				all[n.Name] = n
			case *Repeat:
				collect(n.Body)
			case *If:
				collect(n.Then)
				collect(n.Else)
			case *Pass:
				collect(n.Body)
			}
		}
	}
	collect(m.Body)
	return all
}

// Config is a value read from the file's metadata or derived.
type Config struct {
	Name    string
	Type    string // "dim", "f32", "bool", "text"
	Array   Expr   // number of elements for an array per layer; nil for one value. A single value in the file fills the array
	Key     string // metadata key; "" where Default alone defines it
	Default Expr   // nil: the key must be there. For arrays an element; the index is Name("i")
	Where   string // "specs/models/llama.vibee:12", for messages
}

// Require refuses a file for which Cond is false, with Message.
type Require struct {
	Cond    Expr
	Message string
}

// Input is a parameter of forward: rows of i32 or places.
type Input struct {
	Name string
	Type string // "i32", "place"
	Rows string // "T" or "R"; a batch gives i32[T], place[T] and i32[R]
	// Limit: every value v of an i32[T], or position v of a place[T], has 0 <= v < Limit, or the
	// batch is refused; nil: any. (An i32[R] holds rows of the batch: 0 <= v < T.)
	Limit Expr
}

// Output is a named result of forward: f32 rows.
type Output struct {
	Name  string
	Value string // the buffer that holds it at the end
	Shape []Expr
}

// Node is a part of a model's body, executed in order. Names are unique in a model; in a
// Repeat a name belongs to the iteration, except for those in Carry.
type Node interface{ node() }

type (
	// Weight binds a tensor of the file. {i} in its name stands for what Given says, else for the
	// loop variable i.
	Weight struct {
		Name     string
		Formats  string // "any" or a format's name: "f32"
		Shape    []Expr // [M, K]: rows first
		Tensor   string
		Given    []Given
		Optional bool
		Else     *Alias // where the tensor is absent; nil: it must be there, or is Optional
		Where    string // "specs/models/llama.vibee:40", for messages
	}
	// Given says what a name in braces stands for.
	Given struct {
		Name  string
		Value Expr
	}
	// Alias is another weight, or rows Lo <= r < Hi of it.
	Alias struct {
		Weight string
		Lo, Hi Expr // nil: the whole
	}
	// State declares one state (a KV cache) of pages.
	State struct {
		Name string
		Page int  // places a page, the same for all states of a model
		Size Expr // bytes a page
	}
	// Buffer declares activations: Shape over T or R first. It lives from its first to its last use.
	Buffer struct {
		Name  string
		Elem  string // "f32", "i32"
		Shape []Expr
	}
	// Guard refuses a file where Cond is false: a shape that could not be proved. Where
	// Cond holds T or R, it refuses a batch.
	Guard struct {
		Cond    Expr
		Message string
	}
	// Step calls an op. Its kernel is chosen by the formats of the weights.
	Step struct {
		Op    *Op
		Args  []Arg  // in the order of Op.Params
		Dims  []Expr // the op's symbolic dims, in the order of Call.Dim
		Where string // "specs/models/llama.vibee:40"
	}
	// Repeat runs Body for Var = Lo, …, Hi-1. Carry[k].Name holds, at the start of an
	// iteration, the value of Init (first) or Next (of the iteration before); after the
	// loop it holds the last Next.
	Repeat struct {
		Var    string
		Lo, Hi Expr
		Carry  []Carry
		Body   []Node
	}
	Carry struct{ Name, Init, Next string }
	// If runs Then or Else; the names in Merge stand for the value of the side taken.
	If struct {
		Cond       Expr
		Then, Else []Node
		Merge      []Merge
	}
	Merge struct{ Name, Then, Else string }
	// Pass runs the steps of Body at the same time, as far as they don't need all of what another makes. Its
	// names belong to what it is in.
	Pass struct{ Body []Node }
)

// Arg is one argument of a Step: a name (weight, buffer, state, input) or a number.
type Arg struct {
	Name  string // "" for a number
	Value Expr   // dims and f32 parameters
}

func (*Weight) node() {}
func (*State) node()  {}
func (*Buffer) node() {}
func (*Guard) node()  {}
func (*Step) node()   {}
func (*Repeat) node() {}
func (*If) node()     {}
func (*Pass) node()   {}
