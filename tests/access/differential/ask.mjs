// Ask @cloud-copilot/iam-simulate about each puzzle in puzzles.json; write answers.json. See make.py.
import { readFileSync, writeFileSync } from 'node:fs'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const answers = []
for (const puzzle of JSON.parse(readFileSync('puzzles.json', 'utf8'))) {
  const run = await runSimulation(puzzle, { simulationMode: 'Strict' })
  const result = run.resultType === 'error' ? '' : run.overallResult
  answers.push({ result, errors: run.resultType === 'error' ? run.errors : undefined, ignored: run.result?.ignoredContextKeys })
}
writeFileSync('answers.json', JSON.stringify(answers))
