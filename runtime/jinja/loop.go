package jinja

// loop is the variable of that name inside a for.
type loop struct {
	code  *forStmt
	items []Value
	i     int
	depth int    // from 0; more in loop(…) of a recursive for
	outer *scope // around the for
	last  Value  // what changed() saw
}

func (*loop) pyType() string { return "LoopContext" }

// runLoop gives the signal of the else, which belongs to a loop around this one.
func (r *renderer) runLoop(n *forStmt, over Value, depth int, outer *scope) (sig signal) {
	r.enter()
	defer r.leave()
	r.at = n.iter.pos()
	l := &loop{code: n, items: r.iterate(over), depth: depth, outer: outer}
	if n.test != nil {
		l.items = r.chosen(n, l.items, outer)
	}
	if len(l.items) == 0 && n.none != nil {
		r.within(outer, func() { sig = r.exec(n.none) })
		return sig
	}
	for i, item := range l.items {
		l.i = i
		r.within(outer, func() {
			r.scope.set("loop", l)
			r.assign(n.target, item)
			sig = r.exec(n.body)
		})
		if sig == breaks {
			break
		}
	}
	return done
}

// chosen are the items that pass the for's "if".
func (r *renderer) chosen(n *forStmt, items []Value, outer *scope) (out []Value) {
	for _, item := range items {
		r.within(outer, func() {
			r.assign(n.target, item)
			if truth(r.eval(n.test)) {
				out = append(out, item)
			}
		})
	}
	return out
}

// attr is loop.name, nil where there is none.
func (l *loop) attr(name string) Value {
	n := len(l.items)
	switch name {
	case "index":
		return Int(l.i + 1)
	case "index0":
		return Int(l.i)
	case "revindex":
		return Int(n - l.i)
	case "revindex0":
		return Int(n - l.i - 1)
	case "first":
		return Bool(l.i == 0)
	case "last":
		return Bool(l.i == n-1)
	case "length":
		return Int(n)
	case "depth":
		return Int(l.depth + 1)
	case "depth0":
		return Int(l.depth)
	case "previtem":
		return l.item(l.i-1, "there is no previous item")
	case "nextitem":
		return l.item(l.i+1, "there is no next item")
	}
	if m := loopMethods[name]; m != nil {
		return &bound{l, m}
	}
	return nil
}

func (l *loop) item(i int, message string) Value {
	if i < 0 || i >= len(l.items) {
		return &undefined{message}
	}
	return l.items[i]
}

var loopMethods = table([]*native{
	{name: "cycle", raw: func(r *renderer, self Value, a args) Value {
		if len(a.pos) == 0 {
			r.fail("cycle takes items")
		}
		return a.pos[self.(*loop).i%len(a.pos)]
	}},
	{name: "changed", raw: func(r *renderer, self Value, a args) Value {
		l, now := self.(*loop), &tuple{items: a.pos}
		if l.last != nil && r.equal(l.last, now) {
			return Bool(false)
		}
		l.last = now
		return Bool(true)
	}},
})

// recurse is loop(over): what the loop writes for other items.
func (r *renderer) recurse(l *loop, a args) Value {
	if !l.code.recursive {
		r.fail("this loop isn't recursive: write 'recursive' at the end of its 'for'")
	}
	over := r.bind("loop", a, []string{"iterable"})[0]
	return r.capture(func() { r.runLoop(l.code, over, l.depth+1, l.outer) })
}
