installed_ops = {}
