//go:build linux || darwin

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// conversation is the program on a terminal of its own.
type conversation struct {
	t      *testing.T
	term   *os.File
	output chan []byte
	seen   bytes.Buffer // all output
	from   int          // where expect looks from
	ended  chan error
}

// converse starts a conversation in a home of its own.
func converse(t *testing.T, home string, args ...string) *conversation {
	t.Helper()
	c := exec.Command(program, append([]string{"run"}, args...)...)
	c.Env = append(os.Environ(), "HOME="+home, "XDG_CACHE_HOME="+home, "TERM=xterm")
	terminal, err := pty.StartWithSize(c, &pty.Winsize{Rows: 24, Cols: 200})
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	v := &conversation{t: t, term: terminal, output: make(chan []byte), ended: make(chan error, 1)}
	go func() {
		for {
			buf := make([]byte, 4096)
			n, err := terminal.Read(buf)
			if n > 0 {
				v.output <- buf[:n]
			}
			if err != nil { // the program has gone
				close(v.output)
				v.ended <- c.Wait()
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = c.Process.Kill()
		terminal.Close()
		for range v.output {
		}
	})
	return v
}

// patience is how long the program may take to say what is expected.
const patience = time.Minute

// expect waits until text comes, after what was expected before, and gives what came before it.
func (v *conversation) expect(text string) string {
	v.t.Helper()
	deadline := time.After(patience)
	for {
		new := v.seen.Bytes()[v.from:]
		if at := bytes.Index(new, []byte(text)); at >= 0 {
			v.from += at + len(text)
			return string(new[:at])
		}
		select {
		case data, ok := <-v.output:
			if !ok {
				v.t.Fatalf("the program ended; %q was expected in %q", text, new)
			}
			v.seen.Write(data)
		case <-deadline:
			v.t.Fatalf("%q was expected in %q", text, new)
		}
	}
}

func (v *conversation) enter(keys string) {
	v.t.Helper()
	if _, err := v.term.WriteString(keys); err != nil {
		v.t.Fatal(err)
	}
}

// press enters keys at the next prompt: before it the terminal itself would take Ctrl-C and Ctrl-D.
func (v *conversation) press(keys string) {
	v.t.Helper()
	v.expect("> ")
	v.enter(keys)
}

// end waits for the program's end, which must be a good one.
func (v *conversation) end() {
	v.t.Helper()
	deadline := time.After(patience)
	for open := true; open; {
		select {
		case data, ok := <-v.output:
			open = ok
			v.seen.Write(data)
		case <-deadline:
			v.t.Fatalf("the conversation does not end: %q", v.seen.String())
		}
	}
	if err := <-v.ended; err != nil {
		v.t.Errorf("the conversation ended with %v: %q", err, v.seen.String())
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const (
	up        = "\x1b[A"
	left      = "\x1b[D"
	interrupt = "\x03"
	endInput  = "\x04"
)

func TestChat(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "talk.json")
	v := converse(t, home, "--temp", "0", "-n", "12", "tales")
	v.expect("/help lists the commands")
	v.expect("> ")

	v.enter("Tell me a story about a fix.\r") // two mistakes: the second is mended below
	v.expect("Once")
	v.expect("12 tokens")
	v.expect("> ")
	v.enter(up + left + left + "\x7fo\r") // fix. → fox.
	v.expect("known from before")
	v.enter("/save " + file + "\r")
	v.expect("(4 messages in ")
	if got := read(t, file); !strings.Contains(got, "about a fix.") || !strings.Contains(got, "about a fox.") {
		t.Errorf("saved: %s", got)
	}

	v.enter("/nonsense\r")
	v.expect("there is no command /nonsense: see /help")
	v.enter("/und\t\r")
	v.expect("/undo ")
	v.expect("(2 messages are left)")
	v.enter("/set temp -1\r")
	v.expect("temperature -1: must be 0 (greedy) or more")
	v.enter("/set top-k 7\r/set\r")
	v.expect("top-k              7")
	v.enter("/set nonsense 7\r")
	v.expect("is no sampling option")
	v.enter("/save\r")
	v.expect("say which: /save FILE")
	v.press("half a line" + interrupt + "/help\r")
	v.expect("is one message.")
	v.press(interrupt)
	v.expect("Ctrl-D or /quit ends")
	v.enter("/reset\r")
	v.expect("(a new conversation)")
	v.enter("/retry\r")
	v.expect("there is no message yet")
	v.press(endInput)
	v.end()
}

// TestChatInterrupt: Ctrl-C stops the answer, keeps what came of it, and the talk goes on.
func TestChatInterrupt(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "talk.json")
	v := converse(t, home, "--temp", "0", "--vm=spec", "tales") // slow enough to be stopped
	v.expect("> ")
	v.enter("Tell me a story about a fox.\r")
	v.expect("Once")
	v.enter(interrupt)
	v.expect("(stopped)")
	v.expect("> ")
	v.enter("/save " + file + "\r")
	v.expect("(2 messages in ")
	if got := read(t, file); !strings.Contains(got, `"content": "Once`) {
		t.Errorf("saved: %s", got)
	}
	v.enter("/system Be brief.\r")
	v.expect("(a new conversation)")
	v.enter("/load " + file + "\r")
	v.expect("(2 messages)")
	v.enter("/load " + home + "\r")
	v.expect("is a directory")
	v.enter("/quit\r")
	v.end()
}

// TestChatFull: a conversation that fills the context says what to do, and goes on.
func TestChatFull(t *testing.T) {
	v := converse(t, t.TempDir(), "--temp", "0", "--ctx", "40", "tales")
	v.expect("> ")
	v.enter("Tell me a story.\r")
	v.expect("cut off: the context of 40 tokens is full")
	v.enter("And then?\r")
	v.expect("/undo takes a turn back, /reset starts anew; trinity run --ctx gives more room")
	v.enter("/reset\rTell me a story.\r")
	v.expect("cut off: the context of 40 tokens is full")
	v.press(endInput)
	v.end()
}

// TestChatPaste: the lines of a paste are one message, and history outlives a conversation.
func TestChatPaste(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "talk.json")
	v := converse(t, home, "--temp", "0", "-n", "1", "tales")
	v.expect("> ")
	v.enter("\x1b[200~one\rtwo\rthree\x1b[201~\r")
	v.expect("1 tokens")
	v.enter("/save " + file + "\r/quit\r")
	v.end()
	if got := read(t, file); !strings.Contains(got, `one\ntwo\nthree`) {
		t.Errorf("saved: %s", got)
	}

	v = converse(t, home, "--temp", "0", "-n", "1", "tales")
	v.expect("> ")
	v.enter(up + up + up)
	v.expect("three")
	v.enter(interrupt + strings.Repeat("x", longest+9) + "\r")
	v.expect("a line has at most 4096 characters")
	v.press(endInput)
	v.end()
}

// TestInterrupt: outside a conversation Ctrl-C ends the program, with the text so far.
func TestInterrupt(t *testing.T) {
	c := exec.Command(program, "run", "--temp", "0", "--vm=spec", "tales", "Tell me a story.")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := c.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	var rest bytes.Buffer
	_, _ = rest.ReadFrom(out)
	_ = c.Wait()
	if code := c.ProcessState.ExitCode(); code != exitInterrupted || !strings.Contains(stderr.String(), "trinity: interrupted") {
		t.Errorf("exit code %d, %q", code, stderr.String())
	}
}

// TestTerminalOnly: what differs where output is a terminal.
func TestTerminalOnly(t *testing.T) {
	v := converse(t, t.TempDir(), "--json", "tales")
	v.expect("--json needs a prompt")
	for range v.output {
	}
	c := exec.Command(program, "tokenize", "tales", "Once upon")
	terminal, err := pty.Start(c)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	var out bytes.Buffer
	_, _ = out.ReadFrom(terminal)
	_ = c.Wait()
	if want := "   2648  \"Once\"\r\n   1467  \" upon\"\r\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// TestProgress: work over a second shows on a terminal how far it is, and leaves no trace.
func TestProgress(t *testing.T) {
	c := exec.Command(program, "verify", "--threads", "1", "-n", "12", "tales")
	terminal, err := pty.Start(c)
	if err != nil {
		t.Skipf("no pseudo-terminal: %v", err)
	}
	defer terminal.Close()
	var out bytes.Buffer
	_, _ = out.ReadFrom(terminal)
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
	if text := out.String(); !strings.Contains(text, "\rverifying ") || !strings.Contains(text, " %) …") || !strings.Contains(text, "\r\x1b[Klinear.add") && !strings.Contains(text, "\r\x1b[Kattn.") {
		t.Errorf("%q", text)
	}
}
