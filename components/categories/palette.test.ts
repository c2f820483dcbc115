import { describe, expect, it } from 'vitest'
import { nextColor, PALETTE } from './palette.ts'

/** Relative luminance of a colour, as WCAG defines it. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** --hover of app/tokens.css, the least bright of the light grounds and the brightest of the dark ones. */
const GROUNDS = { light: '#f0ece5', dark: '#252220' }

describe('the palette', () => {
  for (const { name, color } of PALETTE)
    it(`${name} stands out in both themes`, () => {
      expect(contrast(color, GROUNDS.light)).toBeGreaterThanOrEqual(3)
      expect(contrast(color, GROUNDS.dark)).toBeGreaterThanOrEqual(3)
    })

  it('gives each new category another colour as long as there are any', () => {
    const used: string[] = []
    for (const { color } of PALETTE) {
      expect(nextColor(used)).toBe(color)
      used.push(color)
    }
    expect(PALETTE.map(({ color }) => color)).toContain(nextColor(used))
  })
})
