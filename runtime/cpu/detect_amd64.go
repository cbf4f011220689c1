package cpu

import "golang.org/x/sys/cpu"

// supported asks golang.org/x/sys/cpu, which looks at XCR0 too.
func supported(name string) bool {
	x := &cpu.X86
	switch name {
	case "avx2":
		return x.HasAVX2 && x.HasBMI1 && x.HasBMI2 && x.HasF16C
	case "avx512":
		return supported("avx2") && x.HasAVX512F && x.HasAVX512BW && x.HasAVX512VL && x.HasAVX512DQ && x.HasAVX512VNNI
	case "avx512vbmi":
		return supported("avx512") && x.HasAVX512VBMI
	case "amx":
		return supported("avx512vbmi") && x.HasAMXTile && x.HasAMXInt8 && x.HasAMXBF16 && tilesPermitted()
	}
	return false
}
