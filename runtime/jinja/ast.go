package jinja

// at is the byte offset of a node in the source.
type at int

func (a at) pos() int { return int(a) }

type expr interface{ pos() int }

type (
	constExpr struct {
		at
		value Value
	}
	nameExpr struct {
		at
		name string
	}
	seqExpr struct {
		at
		tuple bool
		items []expr
	}
	dictExpr struct {
		at
		keys, values []expr
	}
	unaryExpr struct {
		at
		op string // - + not
		x  expr
	}
	binaryExpr struct {
		at
		op   string // + - * / // % ** and or
		x, y expr
	}
	concatExpr struct {
		at
		items []expr
	}
	compareExpr struct {
		at
		first expr
		ops   []string // == != < <= > >= in, "not in"
		rest  []expr
	}
	condExpr struct {
		at
		test, yes, no expr // no may be nil
	}
	attrExpr struct {
		at
		x    expr
		name string
	}
	itemExpr struct {
		at
		x, key expr
	}
	sliceExpr struct {
		at
		bounds [3]expr // start, stop, step; each may be nil
	}
	callExpr struct {
		at
		fn   expr
		args callArgs
	}
	filterExpr struct {
		at
		x    expr // nil: the text of a block
		name string
		args callArgs
	}
	testExpr struct {
		at
		x    expr
		name string
		args callArgs
	}
)

// callArgs are pos..., names=values..., *list, **dict.
type callArgs struct {
	pos        []expr
	names      []string
	values     []expr
	list, dict expr
}

type stmt interface{ pos() int }

type (
	textStmt struct {
		at
		text string
	}
	outputStmt struct {
		at
		value expr
	}
	ifStmt struct {
		at
		tests  []expr
		bodies [][]stmt // one more than tests where there is an else
	}
	forStmt struct {
		at
		target, iter, test expr // test may be nil
		recursive          bool
		body, none         []stmt
	}
	setStmt struct {
		at
		target, value expr
	}
	setBlockStmt struct {
		at
		target expr
		filter expr // may be nil
		body   []stmt
	}
	macroStmt struct {
		at
		macro *macroCode
	}
	callStmt struct {
		at
		caller *macroCode
		call   *callExpr
	}
	filterStmt struct {
		at
		filter expr
		body   []stmt
	}
	withStmt struct {
		at
		targets, values []expr
		body            []stmt
	}
	jumpStmt struct {
		at
		to signal // break or continue
	}
)

// macroCode is a macro as written. The special names are passed where it uses them.
type macroCode struct {
	name                    string
	params                  []string
	defaults                []expr // of the last parameters
	body                    []stmt
	varargs, kwargs, caller bool
}
