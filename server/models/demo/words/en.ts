import type { PageKind } from '../pages/wish.ts'
import { firstName } from './first-name.ts'

const to = (by: string | undefined) => (by ? `, ${firstName(by)}` : '')
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

/** “Ada, Mei and Tomás”. */
const listed = (people: readonly string[]) => people.join(', ').replace(/, (?=[^,]*$)/, ' and ')

/** Everything the demo model says in English. */
export const en = {
  to,
  capital,

  noted: (heard: readonly string[]) => `Noted, ${heard.join(' and ')}.`,
  heard: (by: string | undefined, text: string) => `${by ? `${firstName(by)}: ` : ''}“${text}”`,
  noTool: (tool: string) => `I would need the tool \`${tool}\` for that, and I don’t have it here.`,
  denied: (why: string) => `Understood, I’ll leave that. ${why}`.trim(),
  failed: (why: string) => `That did not work: ${why}`,
  noResult: (tool: string) => `I don’t know how ${tool} ended.`,

  hello: (by: string | undefined) =>
    `Hello${to(by)}! I am the demo model. I need no API key and only know a few kinds of task, but the files, plans and commands I make are real. Try one of these:`,
  helloNext: ['Build a small web page about tides', 'Plan a launch party', 'What can you do?'],
  thanks: (by: string | undefined) => `You’re welcome${to(by)}. I’m here if you need anything else.`,
  about: (by: string | undefined) =>
    `I’m Builder${to(by)}, running on the demo model: a small program on this server that recognises certain requests. It is not a language model, but the files, plans and commands it makes are real. Add an API key, and a real model answers instead.`,
  aboutNext: ['What can you do?', 'Build a small web page about tides', 'Plot a sine wave'],
  unknown: (by: string | undefined) =>
    `Sorry${to(by)}, I didn’t understand that. I am a demo model and only know a few kinds of task. You could try:`,
  unknownNext: ['Build a small web page about tides', 'Plot a sine wave', 'What can you do?'],
  unknownAfterPage: ['Preview the page', 'Use blue instead', 'What can you do?'],
  unknownAfterFile: (path: string) => [`Summarise ${path}`, `Read ${path}`, 'What can you do?'],
  help: (by: string | undefined) =>
    `Here is what I can help with${to(by)}:\n\n- **Make**: web pages and small apps, notes, plans\n- **Work on files**: read, summarise, change, search\n- **Use the machine**: commands, Python and charts, the desktop, previews\n- **Show how the room works**: questions, approvals, steps you can steer, errors\n\nThe README has the full list. Try one of these:`,
  helpNext: ['Build a small web page about tides', 'Plot a sine wave', 'Plan a launch party'],

  who: (by: string | undefined, people: readonly string[]) =>
    [
      by ? `You are ${by}.` : 'I don’t know your name yet.',
      people.length > 1 ? `So far in this session I have heard from ${listed(people)}.` : 'Nobody else has written in this session yet.',
    ].join(' '),

  page: {
    intro: (kind: PageKind, topic: string) =>
      `I’ll build a ${kind === 'topic' || kind === 'landing' ? 'small ' : ''}${nameOf(kind, topic)}. First, a plan.`,
    thought: (kind: PageKind, topic: string) =>
      `A ${nameOf(kind, topic)}: one file for the content, one for the style and one for the script. Then a check that they fit together.`,
    todos: (kind: PageKind, topic: string) => [`Write the ${nameOf(kind, topic)}`, 'Style it', 'Add a script', 'Check the result'],
    html: 'The content comes first.',
    css: (colour: string) => `Now the style, in ${colour}.`,
    js: 'Next, the script that makes it work.',
    wave: 'Next, a script that draws a wave.',
    written: 'All three files are written.',
    check: 'Let me check that the page is complete.',
    checked: 'All its files are in place.',
    unchecked: (why: string) => `I skipped the final check${why ? ` (“${why}”)` : ''}.`,
    ready: (kind: PageKind, topic: string, by: string | undefined, path: string, colour: string, checked: string) =>
      `The ${nameOf(kind, topic)} is ready${to(by)}: \`${path}\`, in ${colour}. ${checked}\n\nWhat next?`,
    next: ['Preview the page', 'Use blue instead', 'Use crimson instead'],
    recolour: (colour: string) => `I’ll change the colour to ${colour}.`,
    recoloured: (kind: PageKind, topic: string, colour: string, by: string | undefined, path: string) =>
      `The ${nameOf(kind, topic)} is now in ${colour}${to(by)}: \`${path}\`.`,
    stopped: (again: string) => `I’ll stop here. To start over, say “${again}”.`,
    none: 'I haven’t built a page here yet. I can start with one of these:',
    noGame: 'I can’t make games, but I can build one of these:',
    noneNext: ['Make a to-do app', 'Build a calculator', 'Build a small web page about tides'],
    colour: (css: string) => css,
    defaultTopic: 'tides',
    shop: 'your business',
  },

  preview: {
    cannot: 'I can’t start a web app in this room.',
    write: 'There is no page in this conversation yet, so I’ll write a small one first.',
    server: 'A page needs a server. I’ll write a small one, `serve.mjs`.',
    serve: (path: string) => `Now I’ll start it for \`${path}\`, in a terminal that everyone can see.`,
    offer: 'It’s running, so I’ll open it as a preview.',
    title: 'Web server',
    hello: 'Hello from the sandbox',
    runs: (name: string, by: string | undefined, path: string) =>
      `The ${name} is running${to(by)}. You can see \`${path}\` in the Preview tab, and the server’s output in the Terminal tab.`,
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
      `The plan for ${topic} is on the board: ${count} steps, and one suggestion to add or dismiss. Everyone can edit, reorder and tick them off.`,
    defaultTopic: 'the work',
  },

  ask: {
    colour: { text: 'Which colour do you like best?', options: ['Blue', 'Green', 'Red', 'Teal'] },
    own: (about: string) => `${capital(about)}?`,
    intro: (by: string | undefined) => `A quick question${to(by)}.`,
    thanks: (said: string) => `Thank you! Your answer: ${said}`,
  },
  approval: { intro: 'This needs your approval.', defaultTopic: 'go on', approved: (what: string) => `Approved: ${what}` },

  python: {
    none: 'Python is not available in this room.',
    intro: {
      graph: 'I’ll plot that in Python.',
      chart: 'I’ll draw that in Python.',
      run: 'I’ll run that in Python.',
      compute: 'I’ll work that out in Python.',
    },
    ran: 'The code ran without printing anything.',
    graph: (what: string) => `Here is the graph of ${what}.`,
    chart: 'Here is the chart.',
    figure: 'Here is the figure.',
    result: 'Here is the result:',
    sample: 'The numbers are made up; send me yours and I’ll draw those.',
    months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'],
    parts: ['Rent', 'Food', 'Travel', 'Other'],
    inAll: 'in all',
    number: 'n',
    square: 'n²',
    made: 'sample data',
  },

  desktop: {
    none: 'There is no desktop in this room.',
    openTerminal: 'I’ll open a terminal on the desktop.',
    click: 'Now I’ll click into it.',
    type: 'Then type a greeting.',
    greeting: 'echo Hello from Builder',
    look: 'Let me see the result.',
    openBrowser: 'I’ll open a browser on the desktop.',
    visit: (url: string) => `I’ll open ${url} on the desktop.`,
    screenshot: 'I’ll take a screenshot of the desktop.',
    wait: (then: string) => `I’ll wait until the desktop is free again. ${then}`,
    done: (by: string | undefined) =>
      `Done${to(by)}. I opened a terminal, clicked into it and typed a greeting. You can follow along or take control in the Desktop tab.`,
    opened: (by: string | undefined, what: string) => `${capital(what)} is open on the desktop${to(by)}. You can take control in the Desktop tab.`,
    browser: 'the browser',
    seen: (by: string | undefined) => `This is the desktop right now${to(by)}. The live screen is in the Desktop tab.`,
    noBrowser: 'No browser is installed in this sandbox, so I can’t open one. I can open a terminal instead, or show a page in the Preview tab.',
    noBrowserNext: ['Open the desktop and click into a terminal', 'Start a web app and preview it', 'What can you do?'],
  },

  files: {
    read: (path: string) => `I’ll read \`${path}\`.`,
    has: (path: string, lines: number) => `\`${path}\` has ${lines === 1 ? 'one line' : `${lines} lines`}. It begins:`,
    listing: (folder: string | undefined) => (folder ? `Let me see what is in \`${folder}\`.` : 'Let me see what is in the workspace.'),
    entries: (count: number) => `There ${count === 1 ? 'is one entry' : `are ${count} entries`}:`,
    none: 'There are no files yet.',
    found: 'Here is what I found:',
    search: (what: string) => `I’ll search for “${what}”.`,
    noMatch: (what: string) => `Nothing matches “${what}”.`,
    matches: (count: number) => `I found ${count === 1 ? 'one match' : `${count} matches`}:`,
    which: 'Which file do you mean? Tell me its name, for example “Read notes.md”.',
    write: (path: string) => `I’ll write \`${path}\`.`,
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
    look: (path: string) => `Let me look at \`${path}\` first.`,
    change: (path: string) => `I’ll change \`${path}\`.`,
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
    read: (path: string) => `Let me read \`${path}\` first.`,
    empty: (path: string) => `\`${path}\` is empty.`,
    of: (path: string, words: number, lines: number) => `\`${path}\` in short (${words} words on ${lines === 1 ? 'one line' : `${lines} lines`}):`,
    sections: (titles: readonly string[]) => `Its sections: ${titles.join(' · ')}`,
    how: 'These sentences are quoted from the file.',
  },
  command: {
    run: (command: string) => `I’ll run \`${command}\`.`,
    silent: (command: string, end: string) => `\`${command}\` ${end} and printed nothing.`,
    printed: (command: string, end: string) => `\`${command}\` ${end}. It printed:`,
    exit: (code: number) => `ended with exit code ${code}`,
    succeeded: 'succeeded',
  },
  parallel: { intro: (count: number) => `I’ll do these ${count} at the same time.`, done: (what: string) => `${what}: done.` },
  steps: {
    thought: (at: number, of: number) =>
      `Step ${at} of ${of}. I go slowly on purpose: write to me to steer, or pause or stop me. I read what you say before the next step.`,
    step: (at: number, of: number) => `Step ${at} of ${of}.`,
    content: (at: number, of: number) => `Step ${at} of ${of}.\n`,
    said: (by: string | undefined, text: string) => `${by ?? 'Somebody'} said: ${text}\n`,
    done: (count: number) => `I took ${count} ${count === 1 ? 'step' : 'steps'}; each left a file in \`steps/\`.`,
  },
  fail: {
    recovered: 'The service refused twice, and the third try went through.',
    breaks: 'I start to answer, and in the middle of this very sentence the connection',
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
