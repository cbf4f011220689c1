package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity"
)

const question = "Tell me a story about a fox."

// answered runs a prompt with --json.
func answered(t *testing.T, args ...string) (r result) {
	t.Helper()
	out := must(t, append(append([]string{"run", "--json"}, args...), "tales", question)...)
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return r
}

// TestSame: what must not change the text does not.
func TestSame(t *testing.T) {
	want := answered(t, "-n", "24", "--temp", "0")
	if want.Tokens != 24 || len(want.IDs) != 24 || want.Finish != trinity.FinishLength || want.PromptTokens == 0 || want.Speed == 0 {
		t.Errorf("%+v", want)
	}
	for _, flags := range []string{"--vm", "--vm=loop", "--threads 1", "--threads 3", "--batch 1", "--batch 7", "--ctx 100", "--seed 9", "--top-k 5 --top-p 0.5"} {
		got := answered(t, append([]string{"-n", "24", "--temp", "0"}, strings.Fields(flags)...)...)
		if diff := cmp.Diff(want.IDs, got.IDs); diff != "" {
			t.Errorf("%s: %s", flags, diff)
		}
	}
	exact := answered(t, "-n", "12", "--temp", "0", "--exact")
	if vm := answered(t, "-n", "12", "--temp", "0", "--exact", "--vm"); vm.Text != exact.Text || exact.Tokens != 12 {
		t.Errorf("--exact: %q, in the VM %q", exact.Text, vm.Text)
	}
	drawn := answered(t, "-n", "24", "--seed", "5")
	if again := answered(t, "-n", "24", "--seed", "5"); again.Text != drawn.Text || again.Seed != 5 {
		t.Errorf("seed 5 gives %q, then %q", drawn.Text, again.Text)
	}
	byClock := answered(t, "-n", "24")
	if again := answered(t, "-n", "24", "--seed", strconv.FormatUint(byClock.Seed, 10)); again.Text != byClock.Text {
		t.Errorf("the seed of %q gives %q", byClock.Text, again.Text)
	}
}

// TestSamplingFlags: each flag changes the text of a seed, or what it says holds of it.
func TestSamplingFlags(t *testing.T) {
	plain := answered(t, "-n", "40", "--seed", "1", "--temp", "1", "--top-k", "0", "--top-p", "1", "--min-p", "0", "--repeat-penalty", "1")
	for _, flags := range []string{
		"--temp 1.4", "--top-k 3", "--top-p 0.6", "--min-p 0.2", "--typical-p 0.4", "--repeat-penalty 1.6",
		"--frequency-penalty 1.5", "--presence-penalty 1.5", "--seed 2", "--repeat-penalty 1.6 --penalty-last-n -1",
	} {
		args := []string{"-n", "40", "--seed", "1", "--temp", "1", "--top-k", "0", "--top-p", "1", "--min-p", "0", "--repeat-penalty", "1"}
		if got := answered(t, append(args, strings.Fields(flags)...)...); got.Text == plain.Text {
			t.Errorf("%s changes nothing", flags)
		}
	}
	greedy := answered(t, "-n", "8", "--temp", "0")
	first := strconv.Itoa(int(greedy.IDs[0]))
	if got := answered(t, "-n", "8", "--temp", "0", "--logit-bias", first+"=-inf"); got.IDs[0] == greedy.IDs[0] {
		t.Error("a banned token was chosen")
	}
	if got := answered(t, "-n", "8", "--temp", "0", "--logit-bias", "42=1e9"); got.IDs[0] != 42 || got.IDs[7] != 42 {
		t.Errorf("a forced token was not chosen: %v", got.IDs)
	}
	if got := answered(t, "-n", "40", "--seed", "1", "--temp", "3", "--top-k", "1"); got.Text != answered(t, "-n", "40", "--temp", "0", "--repeat-penalty", "1.15").Text {
		t.Errorf("top-k 1 is not greedy with the file's penalty: %q", got.Text)
	}
}

func TestRunFlags(t *testing.T) {
	whole := must(t, "run", "--temp", "0", "-n", "30", "tales", question)
	o := run(t, question+"\n", "run", "--temp", "0", "-n", "30", "tales")
	if o.code != 0 || o.stdout != whole {
		t.Errorf("by standard input: exit code %d, %q, want %q", o.code, o.stdout, whole)
	}
	if fields := strings.Split(o.stderr, "; "); len(fields) != 2 || !strings.HasPrefix(fields[0], "30 tokens, ") || !strings.HasPrefix(fields[1], "prompt ") || strings.Count(o.stderr, "\n") != 1 {
		t.Errorf("what it took is %q", o.stderr)
	}
	stop := strings.Fields(whole)[9]
	if got, want := must(t, "run", "--temp", "0", "-n", "30", "--stop", "nowhere", "--stop", stop, "tales", question), whole[:strings.Index(whole, stop)]+"\n"; got != want {
		t.Errorf("stopped at %q: %q, want %q", stop, got, want)
	}
	if got := answered(t, "--temp", "0", "--stop", stop); got.Finish != trinity.FinishStop {
		t.Errorf("finish %q", got.Finish)
	}
	if got := must(t, "run", "--raw", "--temp", "0", "-n", "30", "tales", question); got == whole {
		t.Error("--raw changes nothing")
	}
	if got := must(t, "run", "--raw", "--temp", "0", "-n", "30", "tales", "<|im_start|>user\n"+question+"<|im_end|>\n<|im_start|>assistant\n"); got != whole {
		t.Errorf("the template by hand gives %q, want %q", got, whole)
	}
	cut := answered(t, "--temp", "0", "--ctx", "40")
	if cut.PromptTokens+cut.Tokens != 41 || !strings.Contains(cut.Error, "the context is full") { // the last token's own place is not needed
		t.Errorf("%+v", cut)
	}
}

// TestSystem: tales' template knows no system message, so another model's is asked.
func TestSystem(t *testing.T) {
	model := sharedModel(t)
	plain := must(t, "run", "--temp", "0", "-n", "1", "--json", model, "Hi")
	if with := must(t, "run", "--temp", "0", "-n", "1", "--json", "--system", "You speak as a pirate does.", model, "Hi"); promptTokens(t, with) == promptTokens(t, plain) {
		t.Error("--system changes nothing")
	}
}

func promptTokens(t *testing.T, out string) int {
	t.Helper()
	var r result
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	return r.PromptTokens
}

func TestInfo(t *testing.T) {
	out := must(t, "info", "tales")
	for _, want := range []string{
		"architecture   bitnet\n", "parameters     7.4 M\n", "types          f32 (33 tensors, 13 k), q8_0 (1 tensors, 1.0 M), tq2_0 (56 tensors, 6.3 M)\n",
		"context        512 tokens\n", "vocabulary     4096 tokens (gpt2, smollm)\n", "chat template  yes\n", "size           2.9 MB, GGUF v3\n",
		"general.sampling.top_k = 40\n", "blk.0.ffn_up.weight                      tq2_0    [768 256]\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("lacks %q", want)
		}
	}
	var i trinity.Info
	if err := json.Unmarshal([]byte(must(t, "info", "--json", "tales")), &i); err != nil {
		t.Fatal(err)
	}
	if i.Architecture != "bitnet" || i.Context != 512 || len(i.Tensors) != 90 || i.Parameters != 7_352_576 || !i.Supported || !i.ChatTemplate {
		i.Metadata, i.Tensors = nil, nil
		t.Errorf("%+v", i)
	}
}

func TestTokenize(t *testing.T) {
	if got := must(t, "tokenize", "tales", "Once upon"); got != "2648\n1467\n" {
		t.Errorf("%q", got)
	}
	for _, c := range []struct{ text, flag, want string }{
		{"Once upon", "--json", "[2648,1467]\n"}, {"", "--json", "[]\n"}, {"<|im_end|>", "--special", "2\n"},
	} {
		if got := must(t, "tokenize", c.flag, "tales", c.text); got != c.want {
			t.Errorf("%q %s: %q, want %q", c.text, c.flag, got, c.want)
		}
	}
	if got := must(t, "tokenize", vocabularyOnly(t), "ab"); got != "2\n" {
		t.Errorf("by a vocabulary alone: %q", got)
	}
}

func TestLogits(t *testing.T) {
	dir := t.TempDir()
	var want []byte
	for i, flags := range []string{"", "--vm", "--batch 1", "--threads 3"} {
		path := filepath.Join(dir, strconv.Itoa(i))
		must(t, append([]string{"logits", "tales", "--ids", "1, 520,28", "-o", path}, strings.Fields(flags)...)...)
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 3*4096*4 {
			t.Fatalf("%s: %d bytes", flags, len(got))
		}
		if want == nil {
			want = got
		}
		if string(got) != string(want) {
			t.Errorf("%s gives other logits", flags)
		}
	}
}

func TestMeasures(t *testing.T) {
	text := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(text, []byte("Once upon a time, there was a little fox who lived in the forest."), 0o600); err != nil {
		t.Fatal(err)
	}
	var p struct {
		Perplexity  float64
		Predictions int
	}
	if err := json.Unmarshal([]byte(must(t, "perplexity", "--json", "-n", "10", "tales", text)), &p); err != nil || p.Predictions != 9 || !(p.Perplexity > 1 && p.Perplexity < 100) {
		t.Errorf("%+v, %v", p, err)
	}
	if out := must(t, "perplexity", "-n", "10", "tales", text); !strings.HasPrefix(out, "perplexity "+strconv.FormatFloat(p.Perplexity, 'f', 4, 64)) {
		t.Errorf("%q, want %v", out, p.Perplexity)
	}
}

func TestVerify(t *testing.T) {
	var all []trinity.Checked
	if err := json.Unmarshal([]byte(must(t, "verify", "--json", "-n", "3", "--batch", "1", "--threads", "2", "tales")), &all); err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if c.Calls == 0 || c.Failed != "" || c.ULP > 0 && !strings.Contains(c.Where, "specs/") {
			t.Errorf("%+v", c)
		}
		if c.Kernel == "linear.matmul_tq2_0" && c.Calls != 3*56 {
			t.Errorf("%+v", c)
		}
	}
	if out := must(t, "verify", "-n", "1", "tales"); strings.Count(out, "same bits") != len(all) {
		t.Errorf("%s", out)
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		v              []float64
		median, spread float64
	}{{[]float64{3}, 3, 0}, {[]float64{4, 1}, 2.5, 1.5}, {[]float64{9, 1, 2}, 2, 4}} {
		if s := median(7, c.v); math.Abs(s.Median-c.median) > 0 || s.Spread != c.spread || s.Tokens != 7 {
			t.Errorf("%v: %+v", c.v, s)
		}
	}
}

// TestHelp: every command says what it is for and how it is used.
func TestHelp(t *testing.T) {
	for _, c := range root().Commands() {
		if c.Example == "" || c.Short == "" {
			t.Errorf("%s lacks an example or a description", c.Name())
		}
		if out := must(t, c.Name(), "--help"); !strings.Contains(out, "Examples:\n"+strings.TrimRight(c.Example, "\n")) {
			t.Errorf("%s --help shows no example", c.Name())
		}
	}
	if out := must(t); !strings.Contains(out, "Available Commands:") {
		t.Errorf("without a command: %q", out)
	}
	if out, flag := must(t, "version"), must(t, "--version"); out != flag || !strings.HasPrefix(out, "trinity ") {
		t.Errorf("%q, %q", out, flag)
	}
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if out := must(t, "completion", shell); !strings.Contains(out, "trinity") {
			t.Errorf("%s: %q", shell, out)
		}
	}
	dir := t.TempDir() + string(filepath.Separator)
	for _, name := range []string{"model.gguf", "MODEL.GGUF", "readme.txt", ".hidden.gguf", "other.tri"} {
		if err := os.WriteFile(dir+name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(dir+"more", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		typed []string
		want  string
	}{
		{[]string{"run", "ta"}, "tales\n:4\n"},
		{[]string{"info", dir}, dir + "MODEL.GGUF\n" + dir + "model.gguf\n" + dir + "more" + string(filepath.Separator) + "\n" + dir + "other.tri\n:4\n"},
		{[]string{"verify", dir + "mod"}, dir + "model.gguf\n:4\n"},
		{[]string{"run", "tales", ""}, ":4\n"},
		{[]string{"perplexity", "tales", ""}, ":0\n"},
		{[]string{"run", "--vm", ""}, "loop\nspec\n:4\n"},
	} {
		if c.typed[1] == "--vm" {
			c.typed = []string{"run", "--vm="}
		}
		if diff := cmp.Diff(c.want, must(t, append([]string{"__complete"}, c.typed...)...)); diff != "" {
			t.Errorf("%v: %s", c.typed, diff)
		}
	}
}

// TestConvert: a .tri file answers as the model that it was made of.
func TestConvert(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tales.tri")
	o := run(t, "", "convert", "tales", path)
	if o.code != 0 || o.stdout != "" || !regexp.MustCompile(`tales\.tri: 3\.0 MB, from 2\.9 MB; 57 of 90 tensors packed, in \d+\.\d s\n$`).MatchString(o.stderr) {
		t.Errorf("exit code %d, %q, %q", o.code, o.stdout, o.stderr)
	}
	args := []string{"run", "--temp", "0", "-n", "16", "tales", question}
	want := must(t, args...)
	args[5] = path
	if got := must(t, args...); got != want {
		t.Errorf("%q, tales says %q", got, want)
	}
	if out := must(t, "info", path); !strings.Contains(out, "size           3.0 MB, tri v1\n") || !strings.Contains(out, "tq2_0_uniform_x16") {
		t.Errorf("info: %q", out)
	}
	if out := must(t, "verify", "-n", "1", path); !strings.Contains(out, "linear.gather_q8_0_x16") || strings.Contains(out, "linear.matmul_q8_0 ") {
		t.Errorf("verify: %q", out)
	}
	if o := run(t, "", "verify", "--exact", path); o.code != exitFailed || !strings.Contains(o.stderr, "for exact ones give the GGUF file") {
		t.Errorf("verify --exact: exit code %d, %q", o.code, o.stderr)
	}
	if o := run(t, "", "convert", "--force", path, path); o.code != exitFailed || !strings.Contains(o.stderr, "is a .tri file already") {
		t.Errorf("of itself: exit code %d, %q", o.code, o.stderr)
	}
}
