package main

var (
	pages  = check{pkg: "./runtime/pages", test: "TestRandomUse"}
	layout = check{pkg: "./runtime/bind", test: "TestLayoutKeepsTheLivingApart"}
	each   = check{pkg: "./runtime/exec", test: "TestEach"}
)

// execution is what runs a plan: pages, memory, batches, workers.
var execution = []mutant{
	{
		name: "a shared page is written in place",
		file: "runtime/pages/table.go",
		old:  "if old != None && t.refs[old] == 1 {",
		new:  "if old != None && t.refs[old] >= 1 {",
		by:   pages,
	},
	{
		name: "a page in use is given back",
		file: "runtime/pages/table.go",
		old:  "for i := (t.sequences[seq].len + t.page - 1) / t.page;",
		new:  "for i := t.sequences[seq].len / t.page;",
		by:   pages,
	},
	{
		name: "a position's page is the next one",
		file: "runtime/pages/table.go",
		old:  "entry := &t.row(p.Seq)[int(p.Pos)/t.page]",
		new:  "entry := &t.row(p.Seq)[min(int(p.Pos+1)/t.page, t.span-1)]",
		by:   pages,
	},
	{
		name: "a context holds one position more",
		file: "runtime/pages/table.go",
		old:  "if start+n > t.context {",
		new:  "if start+n > t.context+1 {",
		by:   check{pkg: "./runtime/pages", test: "TestTableRefuses"},
	},
	{
		name: "a buffer's memory is free in the pass that reads it last",
		file: "runtime/bind/arena.go",
		old:  "return x.last < b.First",
		new:  "return x.last <= b.First",
		by:   layout,
	},
	{
		name: "buffers overlap by the end of a block",
		file: "runtime/bind/arena.go",
		old:  "bytes = (bytes + align - 1) &^ (align - 1)",
		new:  "bytes = bytes &^ (align - 1)",
		by:   layout,
	},
	{
		name: "an output's memory is used again",
		file: "runtime/bind/arena.go",
		old:  "use(o.Buffer, len(p.Passes))",
		new:  "use(o.Buffer, 0)",
		by:   check{pkg: "./runtime/exec", test: "TestAnySplit"},
	},
	{
		name: "a state is not written where no output needs it",
		file: "runtime/bind/slice.go",
		old:  "(o.Kind == Pool || o.Kind == InBuffer && needed[o.Index])",
		new:  "(o.Kind == Pool && len(steps) > 0 || o.Kind == InBuffer && needed[o.Index])",
		by:   check{pkg: "./runtime/bind", test: "TestSlice"},
	},
	{
		name: "an output row beyond the batch is allowed",
		file: "runtime/exec/forward.go",
		old:  "if o < 0 || int(o) >= len(rows) {",
		new:  "if o < 0 || int(o) > len(rows) {",
		by:   check{pkg: "./runtime/exec", test: "TestRefusals"},
	},
	{
		name: "a later batch's outputs are counted from the first",
		file: "runtime/exec/forward.go",
		old:  "e.chunk[hi-lo] = out[hi] - int32(start)",
		new:  "e.chunk[hi-lo] = out[hi] % int32(end-start)",
		by:   each,
	},
	{
		name: "a page is copied the wrong way",
		file: "runtime/exec/engine.go",
		old:  "copy(pool[int(dst)*s.Bytes:][:s.Bytes], pool[int(src)*s.Bytes:])",
		new:  "copy(pool[int(src)*s.Bytes:][:s.Bytes], pool[int(dst)*s.Bytes:])",
		by:   check{pkg: "./runtime/exec", test: "TestForkAndTruncate"},
	},
	{
		name: "sequences and positions are swapped",
		file: "runtime/exec/forward.go",
		old:  "e.tokens[i], e.seqs[i], e.poss[i] = r.Token, r.Seq, r.Pos",
		new:  "e.tokens[i], e.seqs[i], e.poss[i] = r.Token, r.Pos, r.Seq",
		by:   check{pkg: "./runtime/exec", test: "TestAnySplit"},
	},
	{
		name: "the last chunk of work goes past the end",
		file: "runtime/workers/pool.go",
		old:  "min(lo+p.chunk, p.work)",
		new:  "lo+p.chunk",
		by:   check{pkg: "./runtime/workers", test: "TestEveryItemOnce"},
	},
	{
		name: "scratch memory is carved without room between",
		file: "runtime/plan/call.go",
		old:  "size := (n*int(unsafe.Sizeof(e)) + 63) &^ 63",
		new:  "size := n * int(unsafe.Sizeof(e)) &^ 63",
		by:   check{pkg: "./runtime/plan", test: "TestCarve"},
	},
}
