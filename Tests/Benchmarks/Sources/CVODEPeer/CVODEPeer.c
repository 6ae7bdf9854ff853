#include "CVODEPeer.h"

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <stdlib.h>
#include <string.h>
#include <sundials/sundials_version.h>
#include <sunlinsol/sunlinsol_klu.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunmatrix/sunmatrix_sparse.h>

// LAPACK's 32-bit interface. Debian's SUNDIALS counts in 64 bits and therefore comes without its own LAPACK solver.
extern void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivots, int *info);
extern void dgetrs_(const char *trans, const int *n, const int *nrhs, const double *a, const int *lda, const int *pivots, double *b, const int *ldb, int *info);

struct peer {
    SUNContext sun;
    void *cvode;
    N_Vector y;
    SUNMatrix matrix;
    SUNLinearSolver linear;
    int64_t n, count;
    int64_t *starts, *rows;
    double *values;
    double rtol, *atol;
    peer_rates rates;
    peer_jacobian jacobian;
    peer_tolerances tolerances;
    void *context;
    peer_counts before;
};

// --- Dense LU by LAPACK ---

typedef struct {
    int n;
    int *pivots;
    double *factors;
} lapack_content;

static SUNLinearSolver_Type lapack_type(SUNLinearSolver s) {
    (void)s;
    return SUNLINEARSOLVER_DIRECT;
}

static int lapack_setup(SUNLinearSolver s, SUNMatrix a) {
    lapack_content *c = s->content;
    int info = 0;
    c->factors = SM_DATA_D(a);
    dgetrf_(&c->n, &c->n, c->factors, &c->n, c->pivots, &info);
    return info == 0 ? SUNLS_SUCCESS : (info > 0 ? SUNLS_LUFACT_FAIL : SUNLS_PACKAGE_FAIL_UNREC);
}

static int lapack_solve(SUNLinearSolver s, SUNMatrix a, N_Vector x, N_Vector b, realtype tol) {
    (void)a, (void)tol;
    lapack_content *c = s->content;
    int one = 1, info = 0;
    N_VScale(1.0, b, x);
    dgetrs_("N", &c->n, &one, c->factors, &c->n, c->pivots, N_VGetArrayPointer(x), &c->n, &info);
    return info == 0 ? SUNLS_SUCCESS : SUNLS_PACKAGE_FAIL_UNREC;
}

static int lapack_free(SUNLinearSolver s) {
    lapack_content *c = s->content;
    free(c->pivots);
    free(c);
    s->content = NULL;
    SUNLinSolFreeEmpty(s);
    return SUNLS_SUCCESS;
}

static SUNLinearSolver lapack_solver(int64_t n, SUNContext sun) {
    SUNLinearSolver s = SUNLinSolNewEmpty(sun);
    if (!s) return NULL;
    lapack_content *c = malloc(sizeof *c);
    c->n = (int)n;
    c->pivots = malloc((size_t)n * sizeof(int));
    c->factors = NULL;
    s->content = c;
    s->ops->gettype = lapack_type;
    s->ops->setup = lapack_setup;
    s->ops->solve = lapack_solve;
    s->ops->free = lapack_free;
    return s;
}

// --- Callbacks ---

static int rates_callback(realtype t, N_Vector y, N_Vector f, void *data) {
    peer *p = data;
    return p->rates(t, NV_DATA_S(y), NV_DATA_S(f), p->context);
}

static int jacobian_callback(realtype t, N_Vector y, N_Vector f, SUNMatrix j, void *data, N_Vector a, N_Vector b, N_Vector c) {
    (void)f, (void)a, (void)b, (void)c;
    peer *p = data;
    if (SUNMatGetID(j) == SUNMATRIX_SPARSE) {
        // CVODE clears the structure together with the values.
        memcpy(SM_INDEXPTRS_S(j), p->starts, (size_t)(p->n + 1) * sizeof(int64_t));
        memcpy(SM_INDEXVALS_S(j), p->rows, (size_t)p->count * sizeof(int64_t));
        return p->jacobian(t, NV_DATA_S(y), SM_DATA_S(j), p->context);
    }
    int flag = p->jacobian(t, NV_DATA_S(y), p->values, p->context);
    // CVODE has cleared it.
    for (int64_t column = 0; column < p->n; column++) {
        double *to = SM_COLUMN_D(j, column);
        for (int64_t k = p->starts[column]; k < p->starts[column + 1]; k++) to[p->rows[k]] = p->values[k];
    }
    return flag;
}

static int weights_callback(N_Vector y, N_Vector w, void *data) {
    peer *p = data;
    const double *state = NV_DATA_S(y);
    double *weights = NV_DATA_S(w);
    p->tolerances(state, p->atol, p->context);
    for (int64_t k = 0; k < p->n; k++) {
        double scale = p->rtol * (state[k] < 0 ? -state[k] : state[k]) + p->atol[k];
        if (!(scale > 0)) return -1;
        weights[k] = 1 / scale;
    }
    return 0;
}

static void silent(int code, const char *module, const char *function, char *message, void *data) {
    (void)code, (void)module, (void)function, (void)message, (void)data;
}

// --- Interface ---

peer *peer_create(
    peer_solver solver, int64_t n, const int64_t *column_starts, const int64_t *rows, double rtol, const double *atol, peer_rates rates,
    peer_jacobian jacobian, peer_tolerances tolerances, void *context, double t, const double *y) {
    peer *p = calloc(1, sizeof *p);
    p->n = n;
    p->count = column_starts[n];
    p->starts = malloc((size_t)(n + 1) * sizeof(int64_t));
    memcpy(p->starts, column_starts, (size_t)(n + 1) * sizeof(int64_t));
    p->rows = malloc((size_t)p->count * sizeof(int64_t));
    memcpy(p->rows, rows, (size_t)p->count * sizeof(int64_t));
    p->values = malloc((size_t)p->count * sizeof(double));
    p->rtol = rtol;
    p->atol = malloc((size_t)n * sizeof(double));
    memcpy(p->atol, atol, (size_t)n * sizeof(double));
    p->rates = rates;
    p->jacobian = jacobian;
    p->tolerances = tolerances;
    p->context = context;
    int bad = SUNContext_Create(NULL, &p->sun);
    p->y = N_VNew_Serial(n, p->sun);
    memcpy(NV_DATA_S(p->y), y, (size_t)n * sizeof(double));
    p->cvode = CVodeCreate(CV_BDF, p->sun);
    bad |= CVodeInit(p->cvode, rates_callback, t, p->y);
    CVodeSetErrHandlerFn(p->cvode, silent, NULL);
    bad |= CVodeSetUserData(p->cvode, p);
    if (tolerances) {
        bad |= CVodeWFtolerances(p->cvode, weights_callback);
    } else {
        N_Vector absolute = N_VMake_Serial(n, p->atol, p->sun);
        bad |= CVodeSVtolerances(p->cvode, rtol, absolute);
        N_VDestroy(absolute);
    }
    if (solver == peer_klu) {
        p->matrix = SUNSparseMatrix(n, n, p->count, CSC_MAT, p->sun);
        p->linear = SUNLinSol_KLU(p->y, p->matrix, p->sun);
        // AMD; SUNDIALS' default of COLAMD leaves more fill in these matrices.
        bad |= SUNLinSol_KLUSetOrdering(p->linear, getenv("PEER_COLAMD") ? 1 : 0);
    } else {
        p->matrix = SUNDenseMatrix(n, n, p->sun);
        p->linear = lapack_solver(n, p->sun);
    }
    bad |= CVodeSetLinearSolver(p->cvode, p->linear, p->matrix);
    bad |= CVodeSetJacFn(p->cvode, jacobian_callback);
    if (bad) {
        peer_destroy(p);
        return NULL;
    }
    return p;
}

static void accumulate(peer *p, peer_counts *c) {
    long rates = 0, setups = 0, jacobians = 0, newtons = 0, errors = 0, failures = 0, steps = 0;
    CVodeGetNumSteps(p->cvode, &steps);
    CVodeGetNumRhsEvals(p->cvode, &rates);
    CVodeGetNumLinSolvSetups(p->cvode, &setups);
    CVodeGetNumJacEvals(p->cvode, &jacobians);
    CVodeGetNumNonlinSolvIters(p->cvode, &newtons);
    CVodeGetNumErrTestFails(p->cvode, &errors);
    CVodeGetNumNonlinSolvConvFails(p->cvode, &failures);
    c->steps += steps;
    c->rates += rates;
    c->factorizations += setups;
    c->jacobians += jacobians;
    c->newtons += newtons;
    c->error_failures += errors;
    c->newton_failures += failures;
}

int peer_restart(peer *p, double t) {
    accumulate(p, &p->before);
    p->before.restarts++;
    return CVodeReInit(p->cvode, t, p->y);
}

int peer_step(peer *p, double stop, double *t) {
    int flag = CVodeSetStopTime(p->cvode, stop);
    if (flag) return flag;
    flag = CVode(p->cvode, stop, p->y, t, CV_ONE_STEP);
    return flag < 0 ? flag : 0;
}

int peer_sample(peer *p, double t, double *y) {
    N_Vector target = N_VMake_Serial(p->n, y, p->sun);
    int flag = CVodeGetDky(p->cvode, t, 0, target);
    N_VDestroy(target);
    return flag;
}

peer_counts peer_count(peer *p) {
    peer_counts all = p->before;
    accumulate(p, &all);
    return all;
}

const char *peer_flag_name(int flag) { return CVodeGetReturnFlagName(flag); }

const char *peer_version(void) {
    static char text[64];
    SUNDIALSGetVersion(text, sizeof text);
    return text;
}

void peer_destroy(peer *p) {
    if (!p) return;
    CVodeFree(&p->cvode);
    if (p->linear) SUNLinSolFree(p->linear);
    if (p->matrix) SUNMatDestroy(p->matrix);
    if (p->y) N_VDestroy(p->y);
    SUNContext_Free(&p->sun);
    free(p->starts);
    free(p->rows);
    free(p->values);
    free(p->atol);
    free(p);
}
