package plan

// Put is an expression of names, integers and operators with others in the place of its names.
func Put(e Expr, names map[Name]Expr) Expr {
	switch e := e.(type) {
	case Name:
		if x, ok := names[e]; ok {
			return x
		}
	case Binary:
		return Binary{Op: e.Op, A: Put(e.A, names), B: Put(e.B, names)}
	}
	return e
}
