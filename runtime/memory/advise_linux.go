package memory

import "syscall"

const noReserve = syscall.MAP_NORESERVE

// A system that does not know these wishes refuses them, which does no harm.

// smallPages asks that touching one byte costs 4 KiB and not 2 MiB.
func smallPages(b []byte) { _ = syscall.Madvise(b, syscall.MADV_NOHUGEPAGE) }

// largePages asks for pages of 2 MiB: one fault in the place of 512, and few walks through tables of pages.
func largePages(b []byte) { _ = syscall.Madvise(b, syscall.MADV_HUGEPAGE) }
