package memory

import "syscall"

const noReserve = syscall.MAP_NORESERVE

// smallPages asks that touching one byte costs 4 KiB and not 2 MiB. A system that does not
// know the wish refuses it, which does no harm.
func smallPages(b []byte) { _ = syscall.Madvise(b, syscall.MADV_NOHUGEPAGE) }
