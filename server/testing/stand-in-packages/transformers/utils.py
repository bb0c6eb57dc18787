def is_torch_available():
    return True
