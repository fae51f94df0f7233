/** Ends a test run with one line that a person and a machine can read: `120 passed, 0 failed`. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests } =
      results;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const left = numPendingTests + numTodoTests;
    // Only at exit: Jest prints its own summary, the coverage floor and the teardown after the reporters.
    process.on('exit', (code) => {
      if (code !== 0 && failed === 0) console.log('No test failed, yet the run did: see above.');
      if (left > 0) console.log(`Left out: ${left}`);
      console.log(`${numPassedTests} passed, ${failed} failed`);
    });
  }
}
