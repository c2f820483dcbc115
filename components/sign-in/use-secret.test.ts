import { expect, it } from 'vitest'
import { secretIn } from './use-secret.ts'

const SECRET = 'kY3v9d_Ue0-6wq2Vb1Zt8s5r4p7n0m3l'

it.each([
  SECRET,
  `#${SECRET}`,
  `https://prompts.example/set-up#${SECRET}`,
  `  http://0.0.0.0:3000/set-up#${SECRET}\n`,
])('finds the secret of a link in %j', (link) => expect(secretIn(link)).toBe(SECRET))

it.each(['', '#', '#content', 'https://prompts.example/set-up', `${SECRET} and more`, `#${'a'.repeat(257)}`])(
  'finds none in %j',
  (link) => expect(secretIn(link)).toBeUndefined(),
)
