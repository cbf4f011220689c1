package amxemu

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Run starts a program with its arguments, does its tile instructions until it ends, and counts them. What it prints
// goes to out. The error is ErrUnavailable where the system allows no tracing.
func Run(argv []string, out io.Writer) (done int, err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	type result struct {
		done int
		err  error
	}
	end := make(chan result)
	go func() {
		runtime.LockOSThread() // a tracer is a thread; this one ends with it
		t := &tracer{threads: map[int]*thread{}}
		err := t.start(argv, w)
		w.Close()
		if err == nil {
			err = t.loop()
		}
		end <- result{t.done, err}
	}()
	_, copied := io.Copy(out, r)
	e := <-end
	return e.done, errors.Join(e.err, copied)
}

// tracer follows one program.
type tracer struct {
	pid     int
	threads map[int]*thread
	done    int   // instructions
	fault   error // the first
}

type thread struct {
	unit
	seen bool // its first stop is over
}

func (t *tracer) start(argv []string, out *os.File) error {
	pid, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{
		Env:   append(os.Environ(), variable+"=1"),
		Files: []uintptr{0, out.Fd(), out.Fd()},
		Sys:   &syscall.SysProcAttr{Ptrace: true},
	})
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) {
		return ErrUnavailable
	}
	if err != nil {
		return fmt.Errorf("amxemu: %s: %w", argv[0], err)
	}
	t.pid = pid
	t.threads[pid] = &thread{seen: true}
	var status unix.WaitStatus
	if _, err := unix.Wait4(pid, &status, unix.WALL, nil); err != nil {
		return fmt.Errorf("amxemu: wait: %w", err)
	}
	if err := unix.PtraceSetOptions(pid, unix.PTRACE_O_TRACECLONE|unix.PTRACE_O_EXITKILL); err != nil {
		_ = unix.Kill(pid, unix.SIGKILL)
		return ErrUnavailable
	}
	return t.resume(pid, 0)
}

// resume goes on with a thread, which may be gone.
func (t *tracer) resume(tid int, signal unix.Signal) error {
	if err := unix.PtraceCont(tid, int(signal)); err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("amxemu: resume: %w", err)
	}
	return nil
}

// loop waits for stops of threads until the program ends.
func (t *tracer) loop() error {
	for {
		var status unix.WaitStatus
		tid, err := unix.Wait4(-1, &status, unix.WALL|unix.WNOTHREAD, nil)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return fmt.Errorf("amxemu: wait: %w", err)
		case status.Exited() || status.Signaled():
			delete(t.threads, tid)
			if tid != t.pid {
				continue
			}
			switch {
			case t.fault != nil:
				return t.fault
			case status.Signaled():
				return fmt.Errorf("amxemu: the program ends by signal %v", status.Signal())
			case status.ExitStatus() != 0:
				return fmt.Errorf("amxemu: the program ends with status %d", status.ExitStatus())
			}
			return nil
		case status.Stopped():
			signal, err := t.stopped(tid, status)
			if err != nil {
				return err
			}
			if err := t.resume(tid, signal); err != nil {
				return err
			}
		}
	}
}

// stopped gives the signal that a thread is to go on with.
func (t *tracer) stopped(tid int, status unix.WaitStatus) (unix.Signal, error) {
	own := t.threads[tid]
	if own == nil {
		own = &thread{}
		t.threads[tid] = own
	}
	signal := status.StopSignal()
	switch {
	case signal == unix.SIGSTOP && !own.seen: // how a new thread begins
		own.seen = true
		return 0, nil
	case signal == unix.SIGTRAP && status.TrapCause() > 0: // a thread was made
		return 0, nil
	case signal == unix.SIGILL:
		return t.illegal(tid, own)
	}
	return signal, nil
}

// illegal does the tile instructions that a thread is at. What can't be done goes to the program as the signal that a
// processor raises.
func (t *tracer) illegal(tid int, own *thread) (unix.Signal, error) {
	var regs unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &regs); err != nil {
		return 0, fmt.Errorf("amxemu: registers: %w", err)
	}
	for first := true; ; first = false {
		var code [15]byte
		n := t.peek(regs.Rip, code[:])
		i, err := decode(code[:n])
		if err == nil {
			at, stride := i.at.of(&regs)
			err = own.run(i, t, at, stride)
		} else if !first { // the program goes on by itself
			return 0, t.setRegs(tid, &regs)
		}
		var f *fault
		switch {
		case errors.As(err, &f):
			if err := t.setRegs(tid, &regs); err != nil {
				return 0, err
			}
			return unix.SIGSEGV, t.tellFault(tid, f.at)
		case err != nil:
			if t.fault == nil {
				t.fault = fmt.Errorf("at %#x: %w", regs.Rip, err)
			}
			return unix.SIGILL, t.setRegs(tid, &regs)
		}
		regs.Rip += uint64(i.bytes)
		t.done++
	}
}

func (t *tracer) setRegs(tid int, regs *unix.PtraceRegs) error {
	if err := unix.PtraceSetRegs(tid, regs); err != nil {
		return fmt.Errorf("amxemu: registers: %w", err)
	}
	return nil
}

// tellFault makes the signal that a thread is stopped by one of an access to memory.
func (t *tracer) tellFault(tid int, at uint64) error {
	const accessError = 2 // SEGV_ACCERR
	info := struct {
		signo, errno, code, _ int32
		addr                  uint64
		_                     [128 - 24]byte
	}{signo: int32(unix.SIGSEGV), code: accessError, addr: at}
	if _, _, e := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SETSIGINFO, uintptr(tid), 0, uintptr(unsafe.Pointer(&info)), 0, 0); e != 0 {
		return fmt.Errorf("amxemu: signal: %w", e)
	}
	return nil
}

// of is an address and the index in it, as registers have it.
func (a address) of(r *unix.PtraceRegs) (at, index uint64) {
	all := [16]uint64{r.Rax, r.Rcx, r.Rdx, r.Rbx, r.Rsp, r.Rbp, r.Rsi, r.Rdi, r.R8, r.R9, r.R10, r.R11, r.R12, r.R13, r.R14, r.R15}
	at = uint64(a.disp)
	if a.base >= 0 {
		at += all[a.base]
	}
	if a.index >= 0 {
		index = all[a.index] << a.scale
	}
	return at, index
}

// peek reads what it can.
func (t *tracer) peek(at uint64, b []byte) int {
	n, err := t.transfer(unix.SYS_PROCESS_VM_READV, at, b)
	if err != 0 && at&4095 > 4096-uint64(len(b)) {
		n, _ = t.transfer(unix.SYS_PROCESS_VM_READV, at, b[:4096-at&4095])
	}
	return n
}

func (t *tracer) read(at uint64, b []byte) error  { return t.access(unix.SYS_PROCESS_VM_READV, at, b) }
func (t *tracer) write(at uint64, b []byte) error { return t.access(unix.SYS_PROCESS_VM_WRITEV, at, b) }

// access moves bytes from or to the program's memory, where that may be read or written.
func (t *tracer) access(call uintptr, at uint64, b []byte) error {
	n, err := t.transfer(call, at, b)
	if err != 0 || n < len(b) {
		return &fault{at + uint64(n)}
	}
	return nil
}

func (t *tracer) transfer(call uintptr, at uint64, b []byte) (int, syscall.Errno) {
	local := unix.Iovec{Base: &b[0], Len: uint64(len(b))}
	remote := unix.RemoteIovec{Base: uintptr(at), Len: len(b)}
	n, _, err := unix.Syscall6(call, uintptr(t.pid), uintptr(unsafe.Pointer(&local)), 1, uintptr(unsafe.Pointer(&remote)), 1, 0)
	if err != 0 {
		return 0, err
	}
	return int(n), 0
}
