package lower_test

import (
	"fmt"
	"math/rand/v2"
)

// parts are ops whose value depends on where it stands, in strips of a row that ends before, in and behind the parts.
func parts(r *rand.Rand) (list []meaning) {
	const T = 2
	holds := map[string]func(a, b int) bool{
		"<": func(a, b int) bool { return a < b }, "<=": func(a, b int) bool { return a <= b },
		">": func(a, b int) bool { return a > b }, ">=": func(a, b int) bool { return a >= b },
	}
	for _, op := range []string{"<", "<=", ">", ">="} {
		for _, D := range []int{0, 4, 5, 6, 9, 23} {
			x := normal(r, T*D)
			want := make([]float32, T*D)
			for i := range want {
				d, even := i%D, i-i%D%2
				switch {
				case holds[op](d, 5):
					want[i] = x[i-d+d/2]
				case d < 13:
					want[i] = -x[i]
				default:
					want[i] = x[even]
				}
			}
			list = append(list, meaning{fmt.Sprintf("parts at %s 5 of %d", op, D), fmt.Sprintf(`op f(x: f32[T, D]) -> y: f32[T, D] {
  y[t, d] = if d %s 5 { x[t, d / 2] } else if d < 13 { -x[t, d] } else { x[t, d - d %% 2] }
}
schedule f for go, vm { loop t  lanes d by 4 }
`, op), []int64{T, int64(D)}, nil, x, want})
		}
	}
	return list
}
