app.post("/users", async (req, res) => {
  // ruleid: oreva.javascript.mass-assignment.model-body-taint
  const user = await User.create(req.body);
  res.status(201).json(user);
});

app.patch("/users/:id", async (req, res) => {
  // ruleid: oreva.javascript.mass-assignment.model-body-taint
  await User.findByIdAndUpdate(req.params.id, { $set: req.body }, { new: true });
  const user = await User.findById(req.params.id);
  // ruleid: oreva.javascript.mass-assignment.model-body-taint
  Object.assign(user, req.body);
  // ruleid: oreva.javascript.mass-assignment.model-body-taint
  const copy = new User(req.body);
  await prisma.user.update({
    where: { id: 1 },
    data: { name: req.body.name },
  });
});

app.post("/safe", async (req, res) => {
  const { name, email } = req.body;
  // ok: oreva.javascript.mass-assignment.model-body-taint
  await User.create({ name, email });
  // ok: oreva.javascript.mass-assignment.model-body-taint
  await User.findByIdAndUpdate(req.params.id, { name: req.body.name });
  // ok: oreva.javascript.mass-assignment.model-body-taint
  const options = Object.assign({}, req.body);
  // ok: oreva.javascript.mass-assignment.model-body-taint
  const command = new CreateUserCommand(req.body);
});
