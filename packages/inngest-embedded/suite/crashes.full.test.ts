import { expect, it } from 'vitest'
import { newSubject } from './database.ts'
import { Place, steps } from './place.ts'

it('killed again and again under load: everything ends, and no result is lost', async ({
  onTestFinished,
}) => {
  const place = await Place.open()
  onTestFinished(() => place.close())
  const jobs = Array.from({ length: 24 }, () => newSubject())
  const workers = [await place.start(), await place.start()]
  await place.send(...jobs.map((own) => steps(own, 300)))
  // Twice: a job that ended its process three times fails, as it should.
  for (let kills = 0; kills < 2 && place.journal.count('all', 'end') < jobs.length; kills++) {
    // One of them has not ended yet, so that another end is sure to come; the others are amid their steps.
    await place.journal.until('all', 'end', place.journal.count('all', 'end') + 1)
    await workers.shift()?.kill()
    workers.push(await place.start())
  }
  for (const own of jobs) await place.journal.until(own, 'end')
  for (const own of jobs) {
    expect(place.journal.count(own, 'ran again')).toBe(0)
    expect(place.journal.count(own, 'end')).toBeGreaterThan(0)
  }
})
