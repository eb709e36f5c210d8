using Architecture.Fixture.Lower;

namespace Architecture.Fixture.Upper;

// the compiler copies the constant: nothing in the assembly tells where it came from
internal static class InDirective
{
    public static int Use() => Target.Constant;
}
