/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The one function of a fuzz target, named by libFuzzer. data is not ended by a NUL. Returns 0;
 * what is wrong ends the program by an assertion or a sanitizer.
 *
 * Threads: one. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
