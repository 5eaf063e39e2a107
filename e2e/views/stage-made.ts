import type { TestPerson } from '../../server/testing/people.ts'
import type { ScriptedModel } from '../../server/testing/scripted-model.ts'
import { ended, say } from './stage-say.ts'

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Sales report</title>
    <link rel="stylesheet" href="style.css" />
  </head>
  <body>
    <h1>Sales report</h1>
    <p>Revenue grew in ten of twelve months; December was the best one.</p>
    <p class="figure"><strong>€2,310,900</strong> in 4,774 orders</p>
  </body>
</html>
`
const style = `body {
  max-width: 640px;
  margin: 48px auto;
  padding: 0 24px;
  font: 16px/1.6 system-ui;
}
h1,
strong {
  color: #1f62b5;
}
.figure {
  font-size: 24px;
}
`
const chart = `# Revenue by quarter
class Chart:
    def _repr_svg_(self):
        bars = "".join(f'<rect x="{20 + i * 70}" y="{130 - v}" width="50" height="{v}" fill="#4f81bd"/>' for i, v in enumerate([60, 84, 72, 118]))
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 310 136" width="310" height="136">{bars}</svg>'

open("report/revenue.svg", "w").write(Chart()._repr_svg_())
Chart()`

/** A run that makes something to look at: a page with its style, a figure, and a picture in a file. */
export async function makeReport(model: ScriptedModel, told: { projectId: string; ada: TestPerson }, sessionId: string, mei: TestPerson) {
  model.queue(
    (reply) =>
      reply
        .toolCall('write_file', { path: 'report/index.html', content: page })
        .toolCall('write_file', { path: 'report/style.css', content: style })
        .finish(),
    (reply) => reply.toolCall('run_python', { code: chart }).finish(),
    (reply) => reply.delta('The report is in `report/index.html`, with the chart beside it.').usage(6400, 420).finish(),
  )
  const { runId } = await say(mei, sessionId, '@agent Make a short report of it, with a chart.')
  await ended(told, sessionId, runId)
}
