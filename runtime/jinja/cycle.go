package jinja

type (
	// cycler gives its items in turn.
	cycler struct {
		items []Value
		i     int
	}
	// joiner gives nothing the first time, then sep.
	joiner struct {
		sep  Value
		used bool
	}
)

func (*cycler) pyType() string { return "cycler" }
func (*joiner) pyType() string { return "joiner" }

func (c *cycler) current() Value { return c.items[c.i] }

func (j *joiner) next() Value {
	if !j.used {
		j.used = true
		return Str("")
	}
	return j.sep
}

var cyclerMethods = []*native{
	{name: "next", fn: func(r *renderer, self Value, _ []Value) Value {
		c := self.(*cycler)
		v := c.current()
		c.i = (c.i + 1) % len(c.items)
		return v
	}},
	{name: "reset", fn: func(r *renderer, self Value, _ []Value) Value {
		self.(*cycler).i = 0
		return None
	}},
}
