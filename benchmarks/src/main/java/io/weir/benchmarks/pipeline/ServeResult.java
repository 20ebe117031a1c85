package io.weir.benchmarks.pipeline;

/**
 * How it is with an application that runs.
 *
 * @param startMillis from its start to when it had its partitions and its state
 * @param lag records of changelogs that it has yet to read
 * @param copies copies of state that it has, active ones and standbys
 * @param residentBytes memory of the process that is resident; 0 where the system does not tell
 * @param heapBytes the heap in use, what a collection would free included
 * @param heapAfterGcBytes the heap in use after the last collections
 * @param gcMillis time that collections took, since the process began
 * @param stats what the application counts
 */
record ServeResult(
    double startMillis,
    long lag,
    int copies,
    long residentBytes,
    long heapBytes,
    long heapAfterGcBytes,
    long gcMillis,
    PipeStats stats) {}
