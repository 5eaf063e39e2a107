import type { PageKind } from '../pages/wish.ts'

const to = (by: string | undefined) => (by ? `, ${by}` : '')
const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

const apps: Record<Exclude<PageKind, 'topic' | 'landing'>, string> = {
  todo: 'to-do app',
  calculator: 'calculator',
  countdown: 'countdown',
  clock: 'clock',
  stopwatch: 'stopwatch',
}
const nameOf = (kind: PageKind, topic: string) =>
  kind === 'topic' ? `page about ${topic}` : kind === 'landing' ? `landing page for ${topic}` : apps[kind]

/** Everything the demo model says in English. */
export const en = {
  to,
  capital,

  noted: (heard: readonly string[]) => `Noted, ${heard.join(' and ')}.`,
  heard: (by: string | undefined, text: string) => `${by ? `${by}: ` : ''}“${text}”`,
  noTool: (tool: string) => `For this I would call the tool \`${tool}\`, which I was not given here.`,
  denied: (why: string) => `Understood, I leave that. ${why}`.trim(),
  failed: (why: string) => `That did not work: ${why}`,
  noResult: (tool: string) => `I do not know what came of ${tool}.`,

  hello: (by: string | undefined) =>
    `Hello${to(by)}! I am the demo model. I run without a key and know a small set of tasks, but what I make is real: files, plans, commands. You could begin with one of these:`,
  helloNext: ['Build a small web page about tides', 'Plan a launch party', 'What can you do?'],
  thanks: (by: string | undefined) => `You are welcome${to(by)}. I am here when you need something else.`,
  about: (by: string | undefined) =>
    `I am Builder${to(by)}, running on the demo model: a small program on this server that recognises a set of requests. I am not a language model, but the files, plans and commands are real. With an API key a real model answers in my place.`,
  aboutNext: ['What can you do?', 'Build a small web page about tides', 'Plot a sine wave'],
  unknown: (by: string | undefined) =>
    `I did not understand that${to(by)}. I am a demo model and know a small set of tasks; these are three of them:`,
  unknownNext: ['Build a small web page about tides', 'Plot a sine wave', 'What can you do?'],
  unknownAfterPage: ['Preview the page', 'Use blue instead', 'What can you do?'],
  unknownAfterFile: (path: string) => [`Summarise ${path}`, `Read ${path}`, 'What can you do?'],
  help: (by: string | undefined) =>
    `I can help with a few kinds of work${to(by)}:\n\n- **Make**: web pages and small apps, notes, plans\n- **Work on files**: read, summarise, change, search\n- **Use the machine**: commands, Python and charts, the desktop, previews\n- **Show the room**: questions, approvals, steps you can steer, failures\n\nThe README has the whole list. To begin:`,
  helpNext: ['Build a small web page about tides', 'Plot a sine wave', 'Plan a launch party'],

  who: (by: string | undefined, people: readonly string[]) =>
    [
      by ? `You are ${by}.` : 'You have not told me your name.',
      people.length > 1 ? `In this session I have heard ${people.join(', ')}.` : 'I have heard nobody else in this session.',
    ].join(' '),

  page: {
    intro: (kind: PageKind, topic: string) =>
      `I build a ${kind === 'topic' || kind === 'landing' ? 'small ' : ''}${nameOf(kind, topic)}. First the plan.`,
    thought: (kind: PageKind, topic: string) =>
      `A ${nameOf(kind, topic)}: one file for the words, one for the style, one for what moves. Then I check that they fit together.`,
    todos: (kind: PageKind, topic: string) => [
      `Write the ${nameOf(kind, topic)}`,
      'Give it a style',
      'Make it come alive with a script',
      'Check that the files are there',
    ],
    html: 'The words come first.',
    css: (colour: string) => `Now the style, in ${colour}.`,
    js: 'And a script that makes it work.',
    wave: 'And a script that draws a wave.',
    written: 'The files are written. Now I check them.',
    check: 'I check that every file the page names is there.',
    checked: 'Every file that the page names is there.',
    unchecked: (why: string) => `The check was left out${why ? ` (“${why}”)` : ''}.`,
    ready: (kind: PageKind, topic: string, by: string | undefined, path: string, colour: string, checked: string) =>
      `The ${nameOf(kind, topic)} is ready${to(by)}: \`${path}\`, in ${colour}. ${checked}\n\nWhat next?`,
    next: ['Preview the page', 'Use blue instead', 'Use crimson instead'],
    recolour: (colour: string) => `I change the colour to ${colour}.`,
    recoloured: (kind: PageKind, topic: string, colour: string, by: string | undefined, path: string) =>
      `The ${nameOf(kind, topic)} is now in ${colour}${to(by)}: \`${path}\`.`,
    stopped: (again: string) => `I stop here; say “${again}” to begin again.`,
    none: 'There is no page of mine here yet. I can build one first:',
    noneNext: ['Build a small web page about tides', 'Make a todo app', 'Build a calculator'],
    colour: (css: string) => css,
    defaultTopic: 'tides',
    shop: 'your business',
  },

  preview: {
    cannot: 'I cannot start a web app in this room.',
    write: 'There is no page in this conversation yet, so I write a small one to serve.',
    serve: (path: string) => `I start a web server for \`${path}\` in a terminal that you can all see.`,
    offer: 'And I offer it as a preview.',
    title: 'Web server',
    hello: 'Served from the sandbox',
    runs: (name: string, by: string | undefined, path: string) =>
      `The ${name} runs${to(by)}: \`${path}\` is served on the tab Preview. Its output is in the tab Terminal.`,
    small: 'small page',
    built: (topic: string) => `page about ${topic}`,
  },

  plan: {
    intro: (topic: string) => `Here is a plan for ${topic}.`,
    steps: (topic: string) => [
      `Agree on what done means: ${topic}`,
      `List what is needed: ${topic}`,
      `Share out the work: ${topic}`,
      `Do it and keep notes: ${topic}`,
      `Look back together: ${topic}`,
    ],
    party: (topic: string) => [
      `Set the date and the place for the ${topic}`,
      'Write the list of guests and invite them',
      'Decide on food, drinks and music',
      'Share out who brings and does what',
      'Set up, celebrate, clear up',
    ],
    release: (topic: string) => [
      `Agree on what goes into the ${topic}`,
      'Fix what must not ship broken',
      'Test it as a user would',
      'Write the notes of what changed',
      'Ship it, watch it, be ready to go back',
    ],
    trip: (topic: string) => [
      `Fix the dates and the budget of the ${topic}`,
      'Book the way there and a place to stay',
      'List what has to be packed',
      'Tell everyone when and where to meet',
      'Check papers and tickets the day before',
    ],
    extra: (topic: string) => `Thank everyone: ${topic}`,
    done: (topic: string, count: number) =>
      `The plan for ${topic} is on the board, with ${count} steps and a suggestion to add or dismiss. Everyone can change, order or tick them.`,
    defaultTopic: 'the work',
  },

  ask: {
    colour: { text: 'Which colour do you like best?', options: ['Blue', 'Green', 'Red', 'Teal'] },
    own: (about: string) => `${capital(about)}?`,
    intro: (by: string | undefined) => `I have a question${to(by)}.`,
    thanks: (said: string) => `Thank you! I note your answer: ${said}`,
  },
  approval: { intro: 'This needs your approval.', defaultTopic: 'go on', approved: (what: string) => `Approved: ${what}` },

  python: {
    none: 'I have no Python in this room.',
    intro: { sine: 'I plot it with Python.', bars: 'I draw it with Python.', run: 'I run a cell of Python.', compute: 'I let Python work it out.' },
    ran: 'The cell ran.',
    figure: ' The figure is in the tab Python.',
    printed: 'It printed:',
    sample: 'These are made-up figures; give me yours in Python and I draw those.',
    months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'],
    parts: ['Rent', 'Food', 'Travel', 'Other'],
    inAll: 'in all',
    number: 'n',
    square: 'n²',
    made: 'made-up figures',
    graphOf: (expression: string) => `Graph of y = ${expression}`,
  },

  desktop: {
    none: 'I have no desktop in this room.',
    openTerminal: 'I open a terminal on the desktop.',
    click: 'I click into it.',
    type: 'I type a greeting.',
    greeting: 'echo Hello from Builder',
    look: 'And I look at what came of it.',
    openBrowser: 'I open a browser on the desktop.',
    visit: (url: string) => `I open ${url} on the desktop.`,
    screenshot: 'I take a picture of the desktop.',
    wait: (then: string) => `I wait until the desktop is mine again. ${then}`,
    done: (by: string | undefined, what: string) => `That is done${to(by)}: ${what}. The greeting is in the terminal on the desktop.`,
    opened: (by: string | undefined, what: string) =>
      `${capital(what)} is open on the desktop${to(by)}. You can take control of it in the tab Desktop.`,
    browser: 'the browser',
    seen: (by: string | undefined) => `That is the desktop right now${to(by)}. The live screen is in the tab Desktop.`,
    noBrowser: 'No browser is installed in this sandbox, so I cannot open one. A terminal is there, and a page can be shown in the tab Preview.',
    noBrowserNext: ['Open the desktop and click into a terminal', 'Start a web app and preview it', 'What can you do?'],
  },

  files: {
    read: (path: string) => `I read \`${path}\`.`,
    has: (path: string, lines: number) => `\`${path}\` has ${lines === 1 ? 'one line' : `${lines} lines`}. It begins:`,
    listing: (folder: string | undefined) => (folder ? `I list \`${folder}\`.` : 'I list the workspace.'),
    entries: (count: number) => `I see ${count === 1 ? 'one entry' : `${count} entries`}:`,
    none: 'There are no files yet.',
    found: 'Here is what I found:',
    search: (what: string) => `I search for “${what}”.`,
    noMatch: (what: string) => `No line matches “${what}”.`,
    matches: (count: number) => `I found ${count === 1 ? 'one line' : `${count} lines`}:`,
    which: 'Which file do you mean? Name it, as in “Read notes.md”.',
    write: (path: string) => `I write \`${path}\`.`,
    written: (path: string) => `\`${path}\` is written.`,
    writtenNext: (path: string) => [`Summarise ${path}`, `Add a line about the moon to ${path}`, 'List the files'],
    note: (subject: string, lines: readonly string[] | undefined) =>
      `# ${capital(subject)}\n\nA short note on ${subject}, written by the demo model.\n\n${(lines ?? [`What we know about ${subject}`, `What we want to find out about ${subject}`, 'Whom to ask']).map((line) => `- ${line}\n`).join('')}`,
    ideas: (count: number) =>
      `# Ideas\n\n${[
        'Ask three people what they would miss first.',
        'Make the smallest version today, and show it.',
        'Write down what surprised us, once a week.',
        'Leave out the part that nobody asks for.',
        'Try it on a phone, on a bus.',
      ]
        .slice(0, count)
        .map((idea, at) => `${at + 1}. ${idea}\n`)
        .join('')}`,
    haiku: (subject: string | undefined) =>
      subject
        ? `${capital(subject)}, at first light\n— nobody has said a word,\nand the page fills up\n`
        : 'Low water at dawn\na line of small wet footprints\nleads into the sea\n',
    poem: (subject: string) =>
      `${capital(subject)}\n\nI looked for ${subject} in the morning,\nand found it where it had been;\nI looked again in the evening\nfor all that I had not seen.\n`,
    defaultSubject: 'this room',
  },
  edit: {
    look: (path: string) => `I look at \`${path}\` first.`,
    change: (path: string) => `I change \`${path}\`.`,
    replaced: (path: string, old: string, now: string, times: number) =>
      `In \`${path}\`, “${old}” is now “${now}”${times > 1 ? `, in ${times} places` : ''}.`,
    removed: (path: string, old: string, times: number) => `“${old}” is gone from \`${path}\`${times > 1 ? `, in ${times} places` : ''}.`,
    missing: (path: string, old: string) => `That did not work: “${old}” does not occur in \`${path}\`.`,
    added: (path: string, line: string) => `I added to \`${path}\`: “${line}”`,
    shorter: (path: string, before: number, after: number) => `\`${path}\` is shorter now: ${after} lines instead of ${before}.`,
    short: (path: string) => `\`${path}\` is already as short as I can make it.`,
    line: (subject: string) => `One thing to remember about ${subject}.`,
  },
  summary: {
    read: (path: string) => `I read \`${path}\` to sum it up.`,
    empty: (path: string) => `\`${path}\` is empty.`,
    of: (path: string, words: number, lines: number) => `\`${path}\` in short (${words} words on ${lines === 1 ? 'one line' : `${lines} lines`}):`,
    sections: (titles: readonly string[]) => `Its sections: ${titles.join(' · ')}`,
    how: 'The sentences are taken from the file as they stand.',
  },
  command: {
    run: (command: string) => `I run \`${command}\`.`,
    silent: (command: string, end: string) => `\`${command}\` ${end} and printed nothing.`,
    printed: (command: string, end: string) => `\`${command}\` ${end}. It printed:`,
    exit: (code: number) => `ended with exit code ${code}`,
    succeeded: 'succeeded',
  },
  parallel: { intro: (count: number) => `I make ${count} calls at once.`, done: (what: string) => `${what}: done.` },
  steps: {
    thought: (at: number, of: number) =>
      `Step ${at} of ${of}. I go slowly on purpose: type something and steer, pause me, or stop me. I read what you say before the next step.`,
    step: (at: number, of: number) => `Step ${at} of ${of}.`,
    content: (at: number, of: number) => `Step ${at} of ${of}.\n`,
    said: (by: string | undefined, text: string) => `${by ?? 'Somebody'} said: ${text}\n`,
    done: (count: number) => `I took ${count} ${count === 1 ? 'step' : 'steps'}; each left a file in \`steps/\`.`,
  },
  fail: {
    recovered: 'The service refused twice and then let me through: this answer came after two retries.',
    breaks: 'I begin to answer, and in the middle of this very sentence the connection',
  },
  long: [
    'The water comes in twice a day, and the harbour knows it by heart.',
    'Ropes slacken, boats lift, and the mud is gone as if it had never been.',
    'Ada writes the height of each tide in a book with a blue cover.',
    'Mei says that the moon does the work and the sea only answers.',
    'Tomás counts the steps that are still dry and calls the number out.',
    'By noon the wind turns, and small waves run the wrong way.',
    'Nobody hurries, because there is no use in hurrying the sea.',
    'In the evening the numbers are added up, and they agree.',
  ] as readonly string[],
}

export type Words = typeof en
