from . import CPUAdamBuilder, FusedAdamBuilder

ALL_OPS = {builder.name: builder for builder in (FusedAdamBuilder(), CPUAdamBuilder())}
