import { expect, it } from 'vitest'
import { csvLine } from './csv.ts'

it.each([
  [['a', 1, null], 'a,1,\r\n'],
  [['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"\r\n'],
  [['=1+1', '+1', '-1', '@SUM(A1)'], "'=1+1,'+1,'-1,'@SUM(A1)\r\n"],
  [
    ['\tx', '\rx', '=HYPERLINK("https://x.org","x")'],
    '\'\tx,"\'\rx","\'=HYPERLINK(""https://x.org"",""x"")"\r\n',
  ],
  [[-1, 0.5], '-1,0.5\r\n'],
  [['a=1', ' =1', '{"a":1}'], 'a=1, =1,"{""a"":1}"\r\n'],
])('writes %j', (cells, line) => {
  expect(csvLine(cells)).toBe(line)
})
