using Practice;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>Roles and states in words.</summary>
internal static class PersonWords
{
    public static string Role(PrincipalRole role) => role switch
    {
        PrincipalRole.Practitioner => "Practitioner",
        PrincipalRole.Administrator => "Administrator",
        _ => "Other",
    };

    public static string State(AccessState state) => state switch
    {
        AccessState.Active => "Active",
        AccessState.Invited => "Invited",
        AccessState.Deactivated => "No access",
        _ => "No password yet",
    };

    /// <summary>The class of a state's badge.</summary>
    public static string Mark(AccessState state) => state switch
    {
        AccessState.Active => "good",
        AccessState.Deactivated => "bad",
        _ => "warn",
    };
}
