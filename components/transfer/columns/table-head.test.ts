import { describe, expect, it } from 'vitest'
import { readTableHead } from './table-head.ts'

describe('the head of a table', () => {
  it('reads quotes, line ends within cells, and a cut end', () => {
    const text = '\ufeffact,"the, prompt"\r\nPoet,"Write ""it""\nnow"\r\nCook,"Boi'
    expect(readTableHead(text, 'a.csv')).toEqual({
      names: ['act', 'the, prompt'],
      rows: [
        ['Poet', 'Write "it"\nnow'],
        ['Cook', 'Boi'],
      ],
    })
  })

  it('takes the separator that the head has most of, and fills short rows', () => {
    expect(readTableHead('a;b;c\n1;2', 'a.csv')).toEqual({ names: ['a', 'b', 'c'], rows: [['1', '2', '']] })
    expect(readTableHead('a,x\tb\n1\t2', 'a.tsv').names).toEqual(['a,x', 'b'])
    expect(readTableHead('', 'a.csv')).toEqual({ names: [], rows: [] })
  })
})
