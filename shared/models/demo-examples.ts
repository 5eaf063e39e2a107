/** Requests to try with the demo model, the best first; each does something visible in a room. */
export const demoExamples: readonly string[] = [
  'Build a small web page about tides',
  'Plan a launch party',
  'Write notes.md about tides',
  'Run `ls -la`',
  'Ask me which colour I like',
  'Stream a long text',
  'Fail with rate limit',
  'What can you do?',
]
