namespace Sandbox.SignIn;

public static class SignInClaims
{
    public const string Grant = "sandbox_grant";
    public const string Vendor = "sandbox_vendor";
    public const string Code = "sandbox_code";
    public const string Generation = "sandbox_generation";
}
