using Calendaring.Store;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>A new password as it was typed, twice.</summary>
/// <param name="Problem">Why it is not taken, as a sentence; null when it is, or when nothing was typed yet.</param>
internal sealed record NewPassword(string? Problem)
{
    public static NewPassword Check(string? password, string? again, Principal person) =>
        new(PasswordRules.Problem(password ?? "", person) ?? (password == again ? null : "The two passwords are not the same. Type them again."));
}
