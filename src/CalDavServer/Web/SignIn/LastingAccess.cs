namespace CalDavServer.Web.SignIn;

/// <summary>
/// Whether what a page does when something is posted to it gives access that lasts longer than the session: a password, a secret, a person more. Who has stolen a session must not make that of it, so the person is asked
/// to confirm that it is them (<see cref="Confirmation"/>). Every handler says which it is; one that does not is taken for one that does.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LastingAccessAttribute(LastingAccess says) : Attribute
{
    public LastingAccess Says { get; } = says;
}

/// <inheritdoc cref="LastingAccessAttribute"/>
internal enum LastingAccess
{
    /// <summary>It does: asked for before.</summary>
    Gives,

    /// <summary>It may: the handler asks where it does.</summary>
    MayGive,

    /// <summary>It does, and its form has the password in it; asked for of people who have none.</summary>
    AsksPassword,

    /// <summary>It does not: it shows, takes away, or changes appointments.</summary>
    None,

    /// <summary>It is for people who are not signed in, and proves by itself who they are.</summary>
    SignsIn,
}
