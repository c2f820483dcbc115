import { describe, expect, it } from 'vitest'
import { readHeaders } from './address-forms.tsx'

describe('typed headers', () => {
  it('are one a line, with empty lines between', () => {
    expect(readHeaders('Authorization: Bearer a:b\n\n X-Team:\t7 ')).toEqual({
      fields: { Authorization: 'Bearer a:b', 'X-Team': '7' },
    })
  })

  it('are refused with the line that is none', () => {
    expect(readHeaders('A: 1\nBearer abc').fault).toBe('Line 2 is no header: write “Name: value”.')
    expect(readHeaders('Two words: 1').fault).toContain('Line 1')
  })
})
