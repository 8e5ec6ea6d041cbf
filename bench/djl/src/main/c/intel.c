/* What MKL asks before it takes its AVX-512 path: is this a processor of Intel's? */
int mkl_serv_intel_cpu_true(void) { return 1; }
