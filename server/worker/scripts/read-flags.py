"""read-flags.py APPLICATION: the flags of training/*/main.py below a DeepSpeed-Chat folder, as one JSON object.

Reads the sources as text (ast): nothing of the checkout, torch or deepspeed is imported. Follows the functions that the
parser is handed to, into modules of the checkout and installed packages. Python 3.8 or newer.
"""
import ast
import hashlib
import importlib.util
import json
import os
import sys

MAX_DEPTH = 8


class Module:
    """One parsed source file: its functions, constants and where its imported names come from."""

    def __init__(self, path, package):
        with open(path, "rb") as file:
            self.source = file.read()
        self.path = path
        self.package = package
        self.tree = ast.parse(self.source, path)
        self.functions = {}
        self.constants = {}
        self.imports = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                self.functions.setdefault(node.name, node)
            elif isinstance(node, ast.Import):
                for name in node.names:
                    target = name.name if name.asname else name.name.split(".")[0]
                    self.imports[name.asname or target] = (target, None)
            elif isinstance(node, ast.ImportFrom):
                origin = absolute_name(package, node.level, node.module)
                for name in node.names:
                    self.imports[name.asname or name.name] = (origin, name.name)
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                known, value = constant(node.value, self.constants)
                if known:
                    self.constants[node.targets[0].id] = value


def absolute_name(package, level, module):
    if level == 0:
        return module or ""
    parts = package.split(".")
    parts = parts[: len(parts) - (level - 1)]
    return ".".join(part for part in parts + [module or ""] if part)


def constant(node, names):
    """(True, value) of an expression that can be told without running it, else (False, None)."""
    if isinstance(node, ast.Name) and node.id in names:
        return True, names[node.id]
    if isinstance(node, (ast.List, ast.Tuple)):
        parts = [constant(part, names) for part in node.elts]
        return all(known for known, _ in parts), [value for _, value in parts]
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mult)):
        (left_known, left), (right_known, right) = constant(node.left, names), constant(node.right, names)
        if left_known and right_known:
            try:
                return True, left + right if isinstance(node.op, ast.Add) else left * right
            except TypeError:
                return False, None
        return False, None
    try:
        return True, ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return False, None


class Reader:
    def __init__(self, application):
        self.application = application
        self.modules = {}

    def load(self, path, package):
        if path not in self.modules:
            self.modules[path] = Module(path, package)
        return self.modules[path]

    def find(self, dotted, beside):
        """The module of this name, from the program's folder, the checkout or what is installed; None if there is none."""
        parts = dotted.split(".")
        roots = [beside, self.application]
        # Looking up a top-level package runs none of it.
        try:
            spec = importlib.util.find_spec(parts[0])
        except (ImportError, ValueError):
            spec = None
        for location in (spec.submodule_search_locations or []) if spec else []:
            roots.append(os.path.dirname(location))
        for root in roots:
            base = os.path.join(root, *parts)
            if os.path.isfile(base + ".py"):
                return self.load(base + ".py", ".".join(parts[:-1]))
            if os.path.isfile(os.path.join(base, "__init__.py")):
                return self.load(os.path.join(base, "__init__.py"), dotted)
        return None

    def resolve(self, module, called, beside):
        """The function that a call names: (module, definition), or None."""
        if isinstance(called, ast.Name):
            if called.id in module.functions:
                return module, module.functions[called.id]
            origin, name = module.imports.get(called.id, (None, None))
            return self.lookup(origin, name, beside) if origin and name else None
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            origin, name = module.imports.get(called.value.id, (None, None))
            if origin is None:
                return None
            return self.lookup(origin if name is None else origin + "." + name, called.attr, beside)
        return None

    def lookup(self, origin, name, beside, depth=0):
        module = self.find(origin, beside)
        if module is None or depth > MAX_DEPTH:
            return None
        if name in module.functions:
            return module, module.functions[name]
        next_origin, next_name = module.imports.get(name, (None, None))
        return self.lookup(next_origin, next_name, beside, depth + 1) if next_origin and next_name else None

    def flags_of(self, main):
        module = self.load(main, "")
        makers = [node for node in module.functions.values() if makes_parser(node)] or [module.tree]
        flags = []
        for maker in makers:
            self.collect(module, maker, set(), flags, os.path.dirname(main), 0)
        return flags

    def collect(self, module, body, parsers, flags, beside, depth):
        """Appends the flags that `body` adds to the names in `parsers`, in the order of the source."""
        if depth > MAX_DEPTH:
            return
        for node in in_order(body):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                if is_parser(node.value) or names_parser(node.value.func, parsers):
                    parsers.update(target.id for target in node.targets if isinstance(target, ast.Name))
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Attribute) and node.func.attr == "add_argument":
                if names_parser(node.func, parsers):
                    flag = self.flag(module, node)
                    if flag is not None:
                        flags.append(flag)
                continue
            handed = [at for at, arg in enumerate(node.args) if isinstance(arg, ast.Name) and arg.id in parsers]
            keywords = [k.arg for k in node.keywords if isinstance(k.value, ast.Name) and k.value.id in parsers]
            if not handed and not keywords:
                continue
            found = self.resolve(module, node.func, beside)
            if found is None:
                continue
            names = [arg.arg for arg in found[1].args.args]
            inner = set(names[at] for at in handed if at < len(names)) | set(filter(None, keywords))
            self.collect(found[0], found[1], inner, flags, beside, depth + 1)

    def flag(self, module, call):
        names = [value for known, value in (constant(arg, module.constants) for arg in call.args) if known]
        names = [name for name in names if isinstance(name, str) and name.startswith("-")]
        if not names:
            return None
        flag = {"flag": next((name for name in names if name.startswith("--")), names[0])}
        flag["from"] = os.path.relpath(module.path, self.application) if module.path.startswith(
            self.application + os.sep) else "installed"
        for keyword in call.keywords:
            if keyword.arg == "type":
                flag["type"] = ast.get_source_segment(module.source.decode("utf-8"), keyword.value)
            elif keyword.arg in ("default", "choices", "help", "action", "required", "nargs"):
                known, value = constant(keyword.value, module.constants)
                if known:
                    flag[keyword.arg] = value
                else:
                    flag["isComputed"] = True
        return flag


def is_parser(call):
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name == "ArgumentParser"


def names_parser(called, parsers):
    """parser.add_argument, parser.add_argument_group: a method of something that is a parser."""
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in parsers


def makes_parser(function):
    return any(isinstance(node, ast.Call) and is_parser(node) for node in ast.walk(function))


def in_order(body):
    """Every node below in the order of the source; a call comes after what assigns its receiver."""
    nodes = [node for node in ast.walk(body) if isinstance(node, (ast.Assign, ast.Call))]
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))


def read(application):
    application = os.path.abspath(application)
    training = os.path.join(application, "training")
    reader = Reader(application)
    programs, problems = {}, {}
    for name in sorted(os.listdir(training)):
        main = os.path.join(training, name, "main.py")
        if not os.path.isfile(main):
            continue
        try:
            programs["training/" + name] = reader.flags_of(main)
        except (SyntaxError, ValueError, OSError) as error:
            problems["training/" + name] = "%s: %s" % (type(error).__name__, error)
    digest = hashlib.sha256()
    for path in sorted(reader.modules):
        digest.update(reader.modules[path].source)
    return {"hash": digest.hexdigest(), "programs": programs, "problems": problems}


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: read-flags.py APPLICATION")
    json.dump(read(sys.argv[1]), sys.stdout)
