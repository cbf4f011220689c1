package memory

import (
	"os"
	"strconv"
	"strings"
)

// Available gives the bytes that programs may still take, as the kernel estimates them: without swapping, caches
// given up.
func Available() (bytes int, ok bool) {
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(text)) {
		rest, found := strings.CutPrefix(line, "MemAvailable:")
		fields := strings.Fields(rest)
		if !found || len(fields) != 2 || fields[1] != "kB" {
			continue
		}
		n, err := strconv.Atoi(fields[0])
		return n << 10, err == nil
	}
	return 0, false
}
