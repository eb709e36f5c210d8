namespace CalDavServer.Options;

/// <summary>What the commands end with.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>The command was understood and could not be carried out.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A named practice group, login, app password, file or data folder does not exist.</summary>
    public const int NotFound = 3;
}

/// <summary>Ends a command; the message is one sentence for the operator.</summary>
internal sealed class CommandFailure(string message, int code = ExitCode.Failure) : Exception(message)
{
    /// <summary>The process's exit code.</summary>
    public int Code { get; } = code;
}
