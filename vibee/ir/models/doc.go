// Package models turns model declarations into plans. In: the checked program. Out: one
// plan.Model for each model: layers put in place, passes proved, shapes compared, what could
// not be proved written as guards; and the plan.Op of each op, without its kernels. A model
// is data from here on.
package models
