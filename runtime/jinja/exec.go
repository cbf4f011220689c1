package jinja

// signal says how a body ended.
type signal uint8

const (
	done signal = iota
	breaks
	continues
)

func (r *renderer) exec(body []stmt) signal {
	r.enter()
	defer r.leave()
	for _, s := range body {
		r.step(1)
		r.at = s.pos()
		if sig := r.statement(s); sig != done {
			return sig
		}
	}
	return done
}

func (r *renderer) statement(s stmt) (sig signal) {
	switch s := s.(type) {
	case *textStmt:
		r.write(s.text)
	case *outputStmt:
		r.writeValue(s.value)
	case *ifStmt:
		return r.execIf(s)
	case *forStmt:
		return r.runLoop(s, r.eval(s.iter), 0, r.scope)
	case *setStmt:
		r.assign(s.target, r.eval(s.value))
	case *setBlockStmt:
		v, sig := r.captured(s.body, s.filter)
		if sig != done {
			return sig
		}
		r.assign(s.target, v)
	case *macroStmt:
		r.scope.set(s.macro.name, &macro{s.macro, r.scope})
	case *callStmt:
		caller := &macro{s.caller, r.scope}
		r.write(r.str(r.evalCall(s.call, caller)))
	case *filterStmt:
		v, sig := r.captured(s.body, s.filter)
		if sig != done {
			return sig
		}
		r.write(r.str(v))
	case *withStmt:
		values := make([]Value, len(s.values))
		for i, e := range s.values {
			values[i] = r.eval(e)
		}
		r.within(r.scope, func() {
			for i, t := range s.targets {
				r.assign(t, values[i])
			}
			sig = r.exec(s.body)
		})
	case *jumpStmt:
		return s.to
	}
	return sig
}

func (r *renderer) writeValue(e expr) {
	v := r.eval(e)
	r.at = e.pos()
	r.write(r.str(v))
}

func (r *renderer) execIf(s *ifStmt) signal {
	for i, test := range s.tests {
		if truth(r.eval(test)) {
			return r.exec(s.bodies[i])
		}
	}
	if len(s.bodies) > len(s.tests) {
		return r.exec(s.bodies[len(s.tests)])
	}
	return done
}

// captured is what body writes, through the filters; nothing where it jumps.
func (r *renderer) captured(body []stmt, filter expr) (v Value, sig signal) {
	text := r.capture(func() {
		r.within(r.scope, func() { sig = r.exec(body) })
	})
	if f, ok := filter.(*filterExpr); ok && sig == done {
		return r.filtered(f, text), sig
	}
	return text, sig
}
