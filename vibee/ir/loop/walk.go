package loop

// Operands lists the direct operands of e.
func Operands(e Expr) []Expr {
	switch e := e.(type) {
	case *Load:
		if e.Stride != nil {
			return []Expr{e.Index, e.Stride}
		}
		return []Expr{e.Index}
	case *Peek:
		return []Expr{e.Index}
	case *Binary:
		return []Expr{e.A, e.B}
	case *Unary:
		return []Expr{e.A}
	case *Convert:
		return []Expr{e.A}
	case *Wrap:
		return []Expr{e.A}
	case *Bits:
		return []Expr{e.A}
	case *Round:
		return []Expr{e.A}
	case *Select:
		return []Expr{e.Cond, e.A, e.B}
	case *Splat:
		return []Expr{e.A}
	case *Reduce:
		return []Expr{e.A}
	case *Dot:
		return []Expr{e.A, e.B}
	case *Pairs:
		return []Expr{e.Sum, e.A, e.B}
	}
	return nil
}

// Rebuild gives e with f applied to each direct operand; e itself where nothing changed.
func Rebuild(e Expr, f func(Expr) Expr) Expr {
	old := Operands(e)
	now := make([]Expr, len(old))
	same := true
	for i, o := range old {
		now[i] = f(o)
		same = same && now[i] == o
	}
	if same {
		return e
	}
	switch e := e.(type) {
	case *Load:
		l := &Load{Buf: e.Buf, Mem: e.Mem, Index: now[0], N: e.N}
		if e.Stride != nil {
			l.Stride = now[1]
		}
		return l
	case *Peek:
		return &Peek{View: e.View, Mem: e.Mem, Index: now[0]}
	case *Binary:
		return &Binary{Op: e.Op, A: now[0], B: now[1]}
	case *Unary:
		return &Unary{Op: e.Op, A: now[0]}
	case *Convert:
		return &Convert{To: e.To, A: now[0]}
	case *Wrap:
		return &Wrap{Mem: e.Mem, A: now[0]}
	case *Bits:
		return &Bits{To: e.To, A: now[0]}
	case *Round:
		return &Round{Mem: e.Mem, A: now[0]}
	case *Select:
		return &Select{Cond: now[0], A: now[1], B: now[2]}
	case *Splat:
		return &Splat{A: now[0], N: e.N}
	case *Reduce:
		return &Reduce{Op: e.Op, A: now[0]}
	case *Dot:
		return &Dot{A: now[0], B: now[1]}
	case *Pairs:
		return &Pairs{Sum: now[0], A: now[1], B: now[2]}
	}
	return e
}

// RebuildStmt gives s with expr applied to the expressions that it evaluates and block to its bodies. A view stays, which
// others point to, and so do tiles.
func RebuildStmt(s Stmt, expr func(Expr) Expr, block func([]Stmt) []Stmt) Stmt {
	maybe := func(e Expr) Expr {
		if e == nil {
			return nil
		}
		return expr(e)
	}
	switch s := s.(type) {
	case *Def:
		return &Def{Var: s.Var, Value: expr(s.Value)}
	case *Set:
		return &Set{Var: s.Var, Value: expr(s.Value)}
	case *Store:
		c := *s
		c.Index, c.Stride, c.Value = expr(s.Index), maybe(s.Stride), expr(s.Value)
		return &c
	case *Prefetch:
		c := *s
		c.Index, c.Stride = expr(s.Index), maybe(s.Stride)
		return &c
	case *If:
		return &If{Cond: expr(s.Cond), Then: block(s.Then), Else: block(s.Else)}
	case *For:
		c := *s
		c.Lo, c.Hi, c.Body = expr(s.Lo), expr(s.Hi), block(s.Body)
		return &c
	}
	return s
}

// Walk calls f for e and all below it, outermost first.
func Walk(e Expr, f func(Expr)) {
	f(e)
	for _, o := range Operands(e) {
		Walk(o, f)
	}
}

// Exprs lists the expressions that s itself evaluates, not those of the statements in it.
func Exprs(s Stmt) []Expr {
	switch s := s.(type) {
	case *For:
		return []Expr{s.Lo, s.Hi}
	case *If:
		return []Expr{s.Cond}
	case *Def:
		return []Expr{s.Value}
	case *Set:
		return []Expr{s.Value}
	case *Open:
		if s.View.Stride != nil {
			return []Expr{s.View.Index, s.View.Stride}
		}
		return []Expr{s.View.Index}
	case *Store:
		if s.Stride != nil {
			return []Expr{s.Index, s.Stride, s.Value}
		}
		return []Expr{s.Index, s.Value}
	case *Prefetch:
		if s.Stride != nil {
			return []Expr{s.Index, s.Stride}
		}
		return []Expr{s.Index}
	case *Fill:
		return []Expr{s.Index, s.Stride}
	case *Drain:
		return []Expr{s.Index, s.Stride}
	}
	return nil
}

// Blocks lists the bodies inside s.
func Blocks(s Stmt) [][]Stmt {
	switch s := s.(type) {
	case *For:
		return [][]Stmt{s.Body}
	case *If:
		return [][]Stmt{s.Then, s.Else}
	case *Tiled:
		return [][]Stmt{s.Body}
	}
	return nil
}

// WalkStmts calls f for each statement of body and all inside them, outermost first.
func WalkStmts(body []Stmt, f func(Stmt)) {
	for _, s := range body {
		f(s)
		for _, b := range Blocks(s) {
			WalkStmts(b, f)
		}
	}
}
