package trinity

import (
	"fmt"
	"runtime/debug"
)

// Version is the module's version and the toolchain that built it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "trinity (unknown build)"
	}
	return fmt.Sprintf("trinity %s, %s", info.Main.Version, info.GoVersion)
}
