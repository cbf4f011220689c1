package plan

// Expr is an expression over a model's config, the dims T (rows of a batch) and R (rows
// that reach the outputs), and layer indices. It is evaluated when a file is bound, or,
// if it holds T or R, at each call.
type Expr interface{ expr() }

// Names whose values are known only when a batch is run. The last two hold no letter
// first, so that no spec can declare them.
const (
	BatchRows     Name = "T"          // rows of the batch
	OutRows       Name = "R"          // rows that reach the outputs
	Sequences     Name = "@sequences" // rows of the page table
	SequencePages Name = "@pages"     // columns of the page table: pages a sequence
)

// Exact is a flag of whoever binds a model: activations stay f32.
const Exact Name = "@exact"

// Fast is a flag of whoever binds a model: for speed, results may have other bits on other processors.
const Fast Name = "@fast"

type (
	// Int, Float, Text and Flag are constants.
	Int   int64
	Float float64
	Text  string
	Flag  bool

	// Name reads a config value, a loop variable or one of the names above.
	Name string

	// Index reads element I of the array-valued config Array.
	Index struct {
		Array string
		I     Expr
	}
	// Unary is "-" or "!", or a function of a number: "sqrt", "f32" (rounds to f32),
	// "int" (truncates). Floats are evaluated in f64, and rounded to f32 where they
	// become a config value or an argument. Of an integer and a float the integer is
	// widened.
	Unary struct {
		Op string
		A  Expr
	}
	// Binary is + - * / % (integers divide exactly or the file is refused, % and
	// floor are "%" and "div"), == != < <= > >=, && ||, "min", "max".
	Binary struct {
		Op   string
		A, B Expr
	}
	// Cond is If ? Then : Else; only the chosen side is evaluated.
	Cond struct{ If, Then, Else Expr }
	// Present asks whether the tensor of a weight, the key of a config value, or else
	// the key of this name is in the file. It does not count as reading it.
	Present string
	// Packable asks whether there is a format that packs the one of a weight in codes; Uniform, whether a uniform one does,
	// and the tensor's blocks agree in what that has once; Paired, whether one of nothing but bf16s does.
	Packable struct {
		Weight          string
		Uniform, Paired bool
	}
	// Rows is dim Axis of the shape of weight Weight ([M, K]: 0 is M), as the file states
	// it; where the tensor is absent, of its Else.
	Rows struct {
		Weight string
		Axis   int
	}
)

func (Int) expr()      {}
func (Float) expr()    {}
func (Text) expr()     {}
func (Flag) expr()     {}
func (Name) expr()     {}
func (Index) expr()    {}
func (Unary) expr()    {}
func (Binary) expr()   {}
func (Cond) expr()     {}
func (Present) expr()  {}
func (Packable) expr() {}
func (Rows) expr()     {}
