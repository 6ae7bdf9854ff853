#pragma once
#include <stdint.h>

// SUNDIALS CVODE (BDF, Newton, exact Jacobian) behind plain C types. Functions that return int give 0 for success, else a CVODE or SUNDIALS
// flag, which `peer_flag_name` puts into words.

/// y' = f(t, y). Returns 0.
typedef int (*peer_rates)(double t, const double *y, double *rates, void *context);
/// The non-zeros of df/dy, column by column in the structure given to `peer_create`. Returns 0.
typedef int (*peer_jacobian)(double t, const double *y, double *values, void *context);
/// Absolute tolerances at y; a null pointer stands for tolerances that never change.
typedef void (*peer_tolerances)(const double *y, double *tolerances, void *context);

typedef enum { peer_klu = 0, peer_dense = 1 } peer_solver;

typedef struct peer peer;

typedef struct {
    long steps, rates, jacobians, factorizations, newtons, error_failures, newton_failures, restarts;
} peer_counts;

peer *peer_create(
    peer_solver solver, int64_t n, const int64_t *column_starts, const int64_t *rows, double rtol, const double *atol, peer_rates rates,
    peer_jacobian jacobian, peer_tolerances tolerances, void *context, double t, const double *y);
/// Begins anew from the present state, as after a jump of an input.
int peer_restart(peer *p, double t);
/// One step that does not pass `stop`; `t` becomes its end.
int peer_step(peer *p, double stop, double *t);
/// CVODE's own interpolant within the last step.
int peer_sample(peer *p, double t, double *y);
peer_counts peer_count(peer *p);
const char *peer_flag_name(int flag);
void peer_destroy(peer *p);
/// SUNDIALS' version.
const char *peer_version(void);
