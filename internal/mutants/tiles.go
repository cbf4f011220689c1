package main

var (
	tilesRun   = check{pkg: "./vibee/codegen/asm", test: "TestTiles/amx"}
	tilesLower = check{pkg: "./vibee/ir/lower", test: "TestTiled"}
)

// tiles are products of tiles: how they are lowered, and what is emitted for them.
var tiles = []mutant{
	{
		name: "the factors of a product of tiles change places",
		file: "vibee/codegen/asm/machine/tile.go",
		old:  "last^byte(b)<<3, 0x5e, 0xc0|byte(c)<<3|byte(a))",
		new:  "last^byte(a)<<3, 0x5e, 0xc0|byte(c)<<3|byte(b))",
		by:   tilesRun,
	},
	{
		name: "a tile's bytes without a sign have one",
		file: "vibee/codegen/asm/machine/tile.go",
		old:  `name, last = "TDPBSUD", prefixF3`,
		new:  `name, last = "TDPBSUD", prefixF2`,
		by:   tilesRun,
	},
	{
		name: "a tile is stored from another",
		file: "vibee/codegen/asm/machine/tile.go",
		old:  "prefixF3, 0x4b, 0x04|byte(t)<<3, atStride)",
		new:  "prefixF3, 0x4b, 0x04|byte(t^1)<<3, atStride)",
		by:   tilesRun,
	},
	{
		name: "tiles are left to the thread after the call",
		file: "vibee/codegen/asm/tile.go",
		old:  "c.block(s.Body)\n\tc.Tile(machine.TileRelease())",
		new:  "c.block(s.Body)",
		by:   check{pkg: "./vibee/codegen/asm", test: "TestTilesReleased"},
	},
	{
		name: "tiles are left to the thread where a call is refused",
		file: "vibee/codegen/asm/compile.go",
		old:  "if len(c.tiles) > 0 {",
		new:  "if len(c.tiles) > 8 {",
		by:   check{pkg: "./vibee/codegen/asm", test: "TestTilesReleased"},
	},
	{
		name: "rows of a tile are apart by elements, not bytes",
		file: "vibee/codegen/asm/tile.go",
		old:  "c.mulInt(step, number(unit(b)))",
		new:  "c.mulInt(step, number(1))",
		by:   tilesRun,
	},
	{
		name: "each tile has all rows",
		file: "vibee/codegen/asm/tile.go",
		old:  "shapes[48+i] = byte(t.Rows)",
		new:  "shapes[48+i] = mostTileRows",
		by:   tilesRun,
	},
	{
		name: "loops in the place of a product take the bytes of x one by one",
		file: "vibee/ir/loop/tiles/tiles.go",
		old:  "mul(k, num(4))",
		new:  "k",
		by:   check{pkg: "./vibee/ir/loop/tiles", test: "TestExpand"},
	},
	{
		name: "the second strip's codes lie over the first's",
		file: "vibee/ir/lower/tiled.go",
		old:  "s.first = x.poly(x.sum.Index[0].Hi).Scale(int64(i * tileRows))",
		new:  "s.first = sym.Const(int64(i * tileRows))",
		by:   tilesLower,
	},
	{
		name: "codes are opened with their offset, which nothing takes away",
		file: "vibee/ir/lower/tiled.go",
		old:  "d.code, d.offset = d.aw.code, 0",
		new:  "d.offset = 0",
		by:   tilesLower,
	},
	{
		name: "the rows that fill no tile begin a tile late",
		file: "vibee/ir/lower/tiled.go",
		old:  "rows.Div(sym.Const(tileRows)).Scale(tileRows) }",
		new:  "rows.Div(sym.Const(tileRows)).Add(sym.Const(1)).Scale(tileRows) }",
		by:   tilesLower,
	},
	{
		name: "the second tile of x is the first",
		file: "vibee/ir/lower/tile_product.go",
		old:  "sym.Const(int64(k*tileRows))), j), i)",
		new:  "sym.Const(int64(k))), j), i)",
		by:   tilesLower,
	},
	{
		name: "a part of a range is done again",
		file: "runtime/cpu/pace.go",
		old:  "end := min(lo+n, hi)",
		new:  "end := min(lo+n+1, hi)",
		by:   check{pkg: "./runtime/cpu", test: "TestPace"},
	},
	{
		name: "a part ends within a strip",
		file: "runtime/cpu/pace.go",
		old:  "end = lo - lo%strip + strip",
		new:  "end = lo + 1",
		by:   check{pkg: "./runtime/cpu", test: "TestPace"},
	},
}
