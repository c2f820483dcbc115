// Stands for the database server of the command prisma dev, which Incipit does not use.
module.exports = {}
