// Stands for the pages of the command prisma studio, which Incipit does not use.
module.exports = {}
