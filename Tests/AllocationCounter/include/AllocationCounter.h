// Counts what the program takes from the heap, by standing in front of malloc and its kin.
#pragma once

/// Calls of malloc, calloc, realloc, memalign, aligned_alloc and posix_memalign by the calling thread so far.
long allocation_count(void);
