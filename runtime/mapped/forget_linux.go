package mapped

import "syscall"

// forget drops pages of a mapped file, which are read again when they are touched.
func forget(pages []byte) { _ = syscall.Madvise(pages, syscall.MADV_DONTNEED) }
