"""Times llama.cpp on one file, by its C API: prints {"peer": …, "system": …, "prefill": [tokens/s, …], "decode": […]}.

Prompts are random tokens in one batch, answers single random tokens after them, as in llama-bench.
"""

import argparse
import ctypes
import json
import random
import time

import llama_cpp as llama


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file")
    arguments.add_argument("-p", type=int, default=512, help="tokens of the prompt")
    arguments.add_argument("-n", type=int, default=128, help="tokens of the answer")
    arguments.add_argument("-r", type=int, default=3, help="runs")
    arguments.add_argument("-t", type=int, default=2, help="threads")
    a = arguments.parse_args()

    quiet = llama.llama_log_callback(lambda level, text, data: None)
    llama.llama_log_set(quiet, ctypes.c_void_p(0))
    llama.llama_backend_init()
    how = llama.llama_model_default_params()
    how.n_gpu_layers = 0
    model = llama.llama_model_load_from_file(a.file.encode(), how)
    if not model:
        raise SystemExit(f"llama.cpp can't open {a.file}")
    how = llama.llama_context_default_params()
    how.n_ctx = a.p + a.n + 8
    how.n_batch = max(a.p, 8)
    how.n_threads = how.n_threads_batch = a.t
    context = llama.llama_init_from_model(model, how)
    if not context:
        raise SystemExit(f"llama.cpp can't run {a.file}")

    vocabulary = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(model))
    choose = random.Random(1)

    def step(count):
        tokens = (llama.llama_token * count)(*(choose.randrange(vocabulary) for _ in range(count)))
        if llama.llama_decode(context, llama.llama_batch_get_one(tokens, count)) != 0:
            raise SystemExit(f"llama.cpp fails on {a.file}")
        llama.llama_synchronize(context)

    def run(prompt, answer):
        llama.llama_memory_clear(llama.llama_get_memory(context), True)
        start = time.perf_counter()
        step(prompt)
        middle = time.perf_counter()
        for _ in range(answer):
            step(1)
        return prompt / (middle - start), answer / (time.perf_counter() - middle)

    run(a.p, min(a.n, 8))
    runs = [run(a.p, a.n) for _ in range(a.r)]
    print(json.dumps({
        "peer": f"llama.cpp of llama-cpp-python {llama.__version__}",
        "system": llama.llama_print_system_info().decode().strip(" |"),
        "prefill": [r[0] for r in runs],
        "decode": [r[1] for r in runs],
    }))


main()
